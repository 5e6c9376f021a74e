"""The words of the corpus: plain English ones, the most frequent first."""

_WORDS = """
the of and to in a is that for it was on with as they be at by we this have from or had are not but what all were
when there can said their which do will each about how up out them then she many some so these would other into has
more her two like him see time could no make than first been its who now people my made over did down only way find use
may water long little very after called just where most know get through back much before go good new write our me man
too any day same right look think also around another came come work three word must because does part even place well
such here take why things help put years different away again off went old number great tell men say small every found
still between name should home big give air line set own under read last never us left end along while might next sound
below saw something thought both few those always looked show large often together asked house world going want school
important until form food keep children feet land side without boy once animals life enough took sometimes four head
above kind began almost live page got earth need far hand high year mother light parts country father let night
following picture being study second eyes soon times story boys since white days ever paper hard near sentence better
best across during today others however sure means knew try told young miles sun ways thing whole hear example heard
several change answer room sea against top turned learn point city play toward five using himself usually river bridge
village letter council harbour winter summer morning evening neighbour doctor teacher farmer worker market station
train hospital street window garden field forest valley mountain island coast shore bank spring rain storm flood
drought harvest bread price rent wage debt law court judge witness report promise question meeting vote petition
protest march voice silence memory photograph newspaper archive library museum bakery kitchen table chair candle
blanket shelter tent border road ferry boat lighthouse anchor rope engine factory mill mine quarry pipe well-known
pump reservoir dam canal fish bird cattle horse orchard apple wheat barley seed soil dust smoke ash fire ambulance
nurse patient medicine fever wound hope courage patience trust respect dignity justice freedom peace
"""
WORDS = tuple(_WORDS.split())
CONTRACTIONS = ("don't", "it's", "can't", "they're", "people's", "we've", "that's", "didn't", "isn't", "nobody's")
_SUBJECTS = """
water river bridge school hospital harbour council market rent wages bread drought flood harvest letter petition law
court border shelter winter summer library archive factory mine quarry canal reservoir forest orchard soil cattle fish
train station road ferry lighthouse newspaper witness doctor nurse teacher farmer medicine smoke fire storm coast
island valley village children justice peace memory pump barley courage
"""
SUBJECTS = tuple(_SUBJECTS.split())
