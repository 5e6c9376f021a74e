# The lists that Jekyll leaves to plugins: pages of the home page and of each tag, a feed for each tag, the years.
module Bench
  class ListPage < Jekyll::Page
    def initialize(site, dir, name, data)
      @site = site
      @base = site.source
      @dir = dir
      @name = name
      process(name)
      @content = ""
      @data = data
    end
  end

  class Lists < Jekyll::Generator
    safe true

    def generate(site)
      size = site.config["page_size"]
      posts = site.posts.docs.reverse
      tags = site.tags.sort.map { |tag, found| [tag, found.sort.reverse] }
      paged(site, "/", posts, size, "layout" => "home", "title" => site.config["title"], "topics" => tags.map(&:first))
      tags.each do |tag, found|
        paged(site, "/tags/#{tag}/", found, size, "layout" => "tag", "title" => tag, "tag" => tag)
        feed = { "layout" => "atom", "title" => tag, "about" => "/tags/#{tag}/", "posts" => found.first(site.config["feed_size"]), "sitemap" => false }
        site.pages << ListPage.new(site, "tags/#{tag}", "feed.xml", feed)
      end
      posts.group_by { |post| post.date.year }.each do |year, found|
        site.pages << ListPage.new(site, "archive/#{year}", "index.html", "layout" => "year", "title" => year.to_s, "posts" => found)
      end
    end

    private

    def paged(site, url, posts, size, data)
      pages = posts.each_slice(size).to_a
      address = ->(number) { number.zero? ? url : "#{url}page/#{number + 1}/" }
      pages.each_with_index do |found, number|
        links = {
          "posts" => found,
          "older" => (address.call(number + 1) if number + 1 < pages.size),
          "newer" => (address.call(number - 1) if number.positive?),
          "sitemap" => number.zero?,
        }
        site.pages << ListPage.new(site, address.call(number), "index.html", data.merge(links))
      end
    end
  end
end
