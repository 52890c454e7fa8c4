/** The name of a project in addresses, headers, commands and the configuration; fixed at its creation. */
export const PROJECT_SLUG = /^[a-z0-9](?:[a-z0-9-]{0,48}[a-z0-9])?$/;
