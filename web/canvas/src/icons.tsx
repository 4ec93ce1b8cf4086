// The icons of the canvas, 16 by 16, drawn like those of the stack.
const ICONS = {
  undo: "M6.5 3.5 3 7l3.5 3.5 M3 7h6.2a3.8 3.8 0 0 1 0 7.5H6.5",
  redo: "M9.5 3.5 13 7l-3.5 3.5 M13 7H6.8a3.8 3.8 0 0 0 0 7.5h2.7",
  copy: "M6 6h7.5v7.5H6z M10.2 6V2.5H2.5v7.7H6",
  trash: "M3 4.5h10 M6.2 4.5V2.8h3.6v1.7 M4.3 4.5l.6 9h6.2l.6-9 M6.7 7v4 M9.3 7v4",
  chevron: "M6 4l4 4-4 4",
  search: "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9z M10.3 10.3 13.5 13.5",
  plus: "M8 3v10 M3 8h10",
  minus: "M3 8h10",
  fit: "M2.5 6V2.5H6 M10 2.5h3.5V6 M13.5 10v3.5H10 M6 13.5H2.5V10",
  tidy: "M5.5 2.5h5v3h-5z M2.5 10.5h4v3h-4z M9.5 10.5h4v3h-4z M8 5.5V8 M4.5 10.5V8h7v2.5",
  column: "M8 2v12 M4.5 4h7v3h-7z M5.5 9.5h5v3h-5z",
  row: "M2 8h12 M4 4.5v7h3v-7z M9.5 5.5v5h3v-5z",
  group: "M2.5 5V2.5H5 M11 2.5h2.5V5 M13.5 11v2.5H11 M5 13.5H2.5V11 M5 5h3.5v3.5H5z M8.5 8.5H11V11H8.5z",
  save: "M4 2.5h8v11L8 10.5l-4 3z",
  ungroup: "M3 3l10 10 M13 3 3 13",
} as const;

export type IconName = keyof typeof ICONS;

export function Icon({ name }: { name: IconName }) {
  return <svg viewBox="0 0 16 16" className={`icon icon-${name}`} aria-hidden="true"><path d={ICONS[name]} /></svg>;
}

export function IconButton({ name, label, onClick, disabled = false }: { name: IconName; label: string; onClick: () => void; disabled?: boolean }) {
  return <button type="button" className="icon-button" aria-label={label} title={label} onClick={onClick} disabled={disabled}><Icon name={name} /></button>;
}
