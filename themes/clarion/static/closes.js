// Shows an action as closed once its deadline has passed since the page was made. Without this its date still says so.
for (const action of document.querySelectorAll("[data-closes]")) {
  const left = action.dataset.closes * 1000 - Date.now();
  const close = () => {
    // One in a list is an entry, and stays one.
    action.className = action.className.replace(/^action( loud)?/, "action over");
    for (const part of action.querySelectorAll("[data-closed]")) {
      part.hidden = !part.dataset.closed;
      if (part.dataset.closed) part.textContent = part.dataset.closed;
    }
  };
  if (left <= 0) close();
  else if (left < 2 ** 31) setTimeout(close, left);
}
