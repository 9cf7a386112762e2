document.querySelectorAll(".suite").forEach((suite) => {
  const tag = suite.querySelector("[data-filter=tag]");
  const state = suite.querySelector("[data-filter=state]");
  const text = suite.querySelector("[data-filter=text]");
  const count = suite.querySelector("[data-count]");
  if (!tag) return;
  const cases = [...suite.querySelectorAll("details.case")];
  const apply = () => {
    let shown = 0;
    for (const one of cases) {
      const fits =
        (!tag.value || one.dataset.tags.split("\n").includes(tag.value)) &&
        (!state.value || one.dataset.state.split(" ").includes(state.value)) &&
        (!text.value || one.textContent.toLowerCase().includes(text.value.toLowerCase()));
      one.hidden = !fits;
      shown += fits;
    }
    count.textContent = `${shown} of ${cases.length} cases`;
  };
  [tag, state, text].forEach((input) => input.addEventListener("input", apply));
  apply();
});
