import { Names } from '#src/components/names/names.tsx';
import { isStructured, type Token, tokenizeData } from './tokenize-data.ts';

const looks: Record<Token['kind'], string | undefined> = {
  plain: undefined,
  key: 'text-accent',
  string: 'text-ok',
  literal: 'text-warn',
};

/**
 * JSON and YAML in colours, anything else as it is; with the names that models do not see. `plain` while it is searched: a
 * match may go over several pieces.
 */
export function DataText({ text, plain }: { text: string; plain: boolean }) {
  if (plain || !isStructured(text)) return <Names>{text}</Names>;
  return tokenizeData(text).map((token, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a text have no identity but their place.
    <span key={index} className={looks[token.kind]}>
      <Names>{token.text}</Names>
    </span>
  ));
}
