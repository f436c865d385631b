/** A native list to choose from, with its label before it. */
interface Props<V extends string | number> {
  label: string;
  value: V | "";
  options: (readonly [value: V | "", text: string])[];
  choose: (value: string) => void;
  /** Whether the label is only read out. */
  bare?: boolean;
}

export function Choice<V extends string | number>(props: Props<V>) {
  const { label, value, options, choose, bare } = props;
  return (
    <label class="inline">
      {!bare && label}
      <select
        value={value}
        aria-label={label}
        onChange={(event) => choose(event.currentTarget.value)}
      >
        {options.map(([key, text]) => (
          <option key={key} value={key}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}
