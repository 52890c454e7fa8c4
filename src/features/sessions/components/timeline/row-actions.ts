/** What a row can do and how it stands; made by the timeline for each row. */
export type RowActions = { selected: boolean; expanded: boolean; select: () => void; toggle: () => void };
