// Keys for the queue. Every action is a form or a link that works without this script.
(() => {
  const click = (id) => { const at = document.getElementById(id); if (at) { at.click(); return true; } return false; };
  const reasons = document.getElementById("reasons");
  const works = document.querySelectorAll("input[name=work]");
  let choosing = false;
  let sent = false;
  const form = document.getElementById("verdict");
  if (form) form.addEventListener("submit", (event) => { if (sent) event.preventDefault(); sent = true; });
  const choose = (on) => { choosing = on; if (reasons) { reasons.classList.toggle("open", on); if (on) reasons.scrollIntoView({ block: "nearest" }); } };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const inField = event.target.tagName === "SELECT" || (event.target.tagName === "INPUT" && !["radio", "checkbox"].includes(event.target.type));
    if (inField) { if (event.key === "Escape") event.target.blur(); return; }
    const key = event.key.toLowerCase();
    let done = true;
    if (choosing && /^[1-9]$/.test(key)) {
      const radio = reasons && reasons.querySelectorAll("input[type=radio]")[Number(key) - 1];
      if (radio) { radio.checked = true; choose(false); click("exclude"); }
    } else if (choosing && key === "enter") { choose(false); click("exclude"); }
    else if (choosing && key === "escape") choose(false);
    else if (key === "i") click("include");
    else if (/^[1-9]$/.test(key) && works.length) { const box = works[Number(key) - 1]; if (box) box.checked = !box.checked; }
    else if (key === "s") done = click("same");
    else if (key === "d") done = click("different");
    else if (key === "a") done = click("accept");
    else if (key === "r") done = click("refuse");
    else if (key === "u") click("maybe");
    else if (key === "e") { if (reasons && reasons.querySelector("input")) choose(true); else click("exclude"); }
    else if (key === "c") done = click("close");
    else if (key === "z") click("undo");
    else if (key === "j") click("skip");
    else if (key === "k") click("previous");
    else if (key === "n") { const note = document.getElementById("note"); if (note) note.focus(); }
    else if (key === "?") { const help = document.getElementById("help"); if (help) help.open = !help.open; }
    else done = false;
    if (done) event.preventDefault();
  });
})();
