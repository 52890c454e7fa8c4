'use client';
import { type ComponentProps, type ReactNode, use, useMemo } from 'react';
import { type Components, Streamdown, type StreamdownProps } from 'streamdown';
import { isAllowedLink } from '#src/lib/allowed-link.ts';
import { ProjectContext } from './frame/project-context.tsx';
import { Name, Names, useMissedNames } from './names/names.tsx';
import { NAME_ELEMENT, rehypeNames, shieldPlaceholders } from './names/rehype-names.ts';
import { cn } from './ui/cn.ts';

/**
 * Text of models, tools and alerts is foreign. Nothing in it loads by itself: an image is its description, HTML is shown as
 * the text it is (no `rehype-raw`). A link is text with its address, for the reader to judge; only one to a host of
 * `ui.allowedLinkDomains` can be pressed.
 */
const baseComponents: Components = {
  [NAME_ELEMENT]: ({ placeholder }) =>
    typeof placeholder === 'string' ? <Name placeholder={placeholder} /> : null,
  a: ({ href, children }) => <ForeignLink href={href}>{children}</ForeignLink>,
  img: ({ alt, src }) => (
    <span className="text-dim">
      <ForeignLink href={typeof src === 'string' ? src : undefined}>
        [image{alt ? `: ${alt}` : ''}]
      </ForeignLink>
    </span>
  ),
  h1: ({ children }) => <h3 className="mt-3 font-semibold text-base first:mt-0">{children}</h3>,
  h2: ({ children }) => <h3 className="mt-3 font-semibold text-base first:mt-0">{children}</h3>,
  h3: ({ children }) => <h4 className="mt-2 font-semibold first:mt-0">{children}</h4>,
  h4: ({ children }) => <h5 className="mt-2 font-semibold text-dim first:mt-0">{children}</h5>,
  p: ({ children }) => <p className="leading-relaxed">{children}</p>,
  ul: ({ children }) => (
    <ul className="grid grid-cols-[minmax(0,1fr)] list-disc gap-1 pl-5 leading-relaxed marker:text-dim">
      {children}
    </ul>
  ),
  ol: ({ children, start }) => (
    <ol
      start={start}
      className="grid grid-cols-[minmax(0,1fr)] list-decimal gap-1 pl-5 leading-relaxed marker:text-dim"
    >
      {children}
    </ol>
  ),
  li: ({ children }) => <li className="[&>ol]:mt-1 [&>pre]:my-1.5 [&>ul]:mt-1">{children}</li>,
  blockquote: ({ children }) => <blockquote className="border-l-2 pl-3 text-dim">{children}</blockquote>,
  hr: () => <hr className="border-line" />,
  strong: ({ children }) => <strong className="font-semibold">{children}</strong>,
  table: ({ children }) => (
    <div className="thin-scroll overflow-x-auto">
      <table className="tabular text-left text-xs">{children}</table>
    </div>
  ),
  thead: ({ children }) => <thead>{children}</thead>,
  tbody: ({ children }) => <tbody>{children}</tbody>,
  tr: ({ children }) => <tr className="border-b">{children}</tr>,
  th: ({ children }) => <th className="py-1 pr-4 font-medium text-dim">{children}</th>,
  td: ({ children }) => <td className="py-1 pr-4 align-top">{children}</td>,
  inlineCode: ({ children }) => (
    <code className="break-words rounded bg-raised px-1 py-px text-[0.92em]">{children}</code>
  ),
  code: ({ children }) => (
    <code className="break-words rounded bg-raised px-1 py-px text-[0.92em]">{children}</code>
  ),
  pre: ({ children }) => (
    <pre
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard.
      tabIndex={0}
      className="thin-scroll max-h-96 overflow-auto rounded-md border bg-raised px-3 py-2 text-xs leading-relaxed [&_code]:bg-transparent [&_code]:p-0"
    >
      {children}
    </pre>
  ),
};

function ForeignLink({ href, children }: { href: string | undefined; children: ReactNode }) {
  const domains = use(ProjectContext)?.allowedLinkDomains ?? NO_DOMAINS;
  if (href === undefined || href === '') return children;
  if (isAllowedLink(href, domains)) {
    return (
      <a
        href={href}
        target="_blank"
        rel="noopener noreferrer nofollow"
        title={href}
        className="text-accent underline"
      >
        {children}
      </a>
    );
  }
  return (
    <>
      {children}
      {children === href ? null : <span className="text-dim [overflow-wrap:anywhere]"> ({href})</span>}
    </>
  );
}

const NO_DOMAINS: readonly string[] = [];

/** Longer text is shown raw: parsing it on each frame would stall the page. */
const MARKDOWN_MAX_CHARS = 60_000;

type MarkdownProps = {
  text: string;
  streaming?: boolean;
  /** Further plugins and elements; must be stable between renders. */
  rehypePlugins?: NonNullable<StreamdownProps['rehypePlugins']>;
  components?: Components;
} & Pick<ComponentProps<'div'>, 'className'>;

/** Markdown that may still be coming in; unfinished syntax is completed for display. */
export function Markdown({ text, streaming = false, rehypePlugins, components, className }: MarkdownProps) {
  useMissedNames(text);
  const plugins = useMemo(() => [...(rehypePlugins ?? []), rehypeNames], [rehypePlugins]);
  if (text.length > MARKDOWN_MAX_CHARS) {
    return (
      <pre className={cn('whitespace-pre-wrap break-words text-xs', className)}>
        <Names>{text}</Names>
      </pre>
    );
  }
  return (
    <Streamdown
      mode={streaming ? 'streaming' : 'static'}
      rehypePlugins={plugins}
      components={components ? { ...baseComponents, ...components } : baseComponents}
      remend={{ links: false, images: false }}
      controls={false}
      className={cn('min-w-0 space-y-2 [overflow-wrap:anywhere]', className)}
    >
      {shieldPlaceholders(text)}
    </Streamdown>
  );
}
