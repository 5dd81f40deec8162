// A Jacobian as the engine answers, with one way to read every form.
function makeJacobian(answer, symbols) {
  const [slices, rows, cols] = answer.size;
  const values = Float64Array.from(answer.show.values.flat(Infinity), Number);
  const raw = answer.show.values.flat(Infinity);
  const rowLabels = answer.show.rows.flat(Infinity);
  const colLabels = answer.show.columns.flat(Infinity);
  const index = (s, r, c) => (s * rows + r) * cols + c;
  let largest = 0;
  for (const value of values)
    if (Math.abs(value) > largest && Number.isFinite(value)) largest = Math.abs(value);
  return {
    slices,
    rows,
    cols,
    count: slices * rows * cols,
    largest,
    form: answer.show.form,
    reduced: answer.show.form === "reduced",
    block: answer.block,
    shape: answer.show.shape,
    symbolic: answer.symbolic,
    symbols,
    value: (s, r, c) =>
      typeof raw[index(s, r, c)] === "number" ? values[index(s, r, c)] : raw[index(s, r, c)],
    symbol: (s, r, c) => symbols?.[index(s, r, c)],
    zero: (s, r, c) => answer.structure[s][r][c] === "0",
    row: (s, r) => rowLabels[rowLabels.length > rows ? s * rows + r : r],
    col: (s, c) => colLabels[colLabels.length > cols ? s * cols + c : c],
    output: (s, r) => answer.outputs[s][r],
    place: (s, c) => answer.entries[s][c],
    always: answer.structure
      .flat()
      .reduce((sum, row) => sum + [...row].filter((c) => c === "0").length, 0),
  };
}

// The same Jacobian with other values: a wrong one, a product.
function withValues(jacobian, nested) {
  const raw = nested.flat(Infinity);
  const index = (s, r, c) => (s * jacobian.rows + r) * jacobian.cols + c;
  return {
    ...jacobian,
    value: (s, r, c) => raw[index(s, r, c)],
    zero: () => false,
    symbol: () => undefined,
  };
}
