/** What the API serves, as a page links to it: an address alone cannot say which of a person's projects it is about. */
export const addressIn = (project: string, url: string): string =>
  `${url}?project=${encodeURIComponent(project)}`;
