// Shows the copy button beside a token and makes it work. Without this script, the token can be selected by hand.
const button = document.getElementById("copy");
const token = document.getElementById("token");
if (button && token && navigator.clipboard) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(token.textContent);
      button.textContent = button.dataset.copied;
    } catch {
      getSelection().selectAllChildren(token);
    }
  });
}
