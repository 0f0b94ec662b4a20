/* The stages in the toolbar are those of the chosen kind at once; without this script, after the reload. */

const { kind, stage } = document.querySelector(".toolbar").elements;

kind.addEventListener("change", () => {
  for (const group of stage.querySelectorAll("optgroup")) {
    group.disabled = group.hidden = Boolean(kind.value) && group.dataset.kind !== kind.value;
  }
  if (stage.selectedOptions[0]?.parentElement.disabled) stage.value = "";
});
