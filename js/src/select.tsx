/** A labelled choice, with "nothing chosen" on top. */
interface SelectProps {
  label: string;
  none: string;
  value: string;
  options: (readonly [value: string, text: string])[];
  onChoose: (value: string) => void;
  field?: string;
}

export function Select({ label, none, value, options, onChoose, field }: SelectProps) {
  return (
    <label>
      {label}
      <select
        data-field={field}
        value={value}
        onChange={(event) => onChoose(event.currentTarget.value)}
      >
        {[["", none] as const, ...options].map(([key, text]) => (
          <option key={key} value={key}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}
