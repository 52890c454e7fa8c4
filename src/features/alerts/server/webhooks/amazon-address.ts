/**
 * Amazon's SNS hosts: `sns.<region>.amazonaws.com`, and `.com.cn` in China. The region is spelled out: `sns.s3-….amazonaws.com`
 * would be a bucket that anybody can own.
 */
const HOST = /^sns\.[a-z]{2}(?:-[a-z]+){1,3}-\d{1,2}\.amazonaws\.com(?:\.cn)?$/;

/** The address, when it is https at one of Amazon's SNS hosts and names neither port nor user; else null. */
export function amazonAddress(text: string): URL | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  const plain = url.protocol === 'https:' && url.port === '' && url.username === '' && url.password === '';
  return plain && HOST.test(url.hostname) ? url : null;
}

/** Where a signing certificate may come from. */
export function certificateAddress(text: string): URL | null {
  const url = amazonAddress(text);
  return url && /^\/SimpleNotificationService-[0-9a-f]+\.pem$/i.test(url.pathname) && url.search === ''
    ? url
    : null;
}

/** Where the subscription of a topic is confirmed: nothing else may be asked of Amazon in our name. */
export function confirmationAddress(text: string, topic: string): URL | null {
  const url = amazonAddress(text);
  if (url?.pathname !== '/') return null;
  const { searchParams } = url;
  return searchParams.get('Action') === 'ConfirmSubscription' && searchParams.get('TopicArn') === topic
    ? url
    : null;
}
