import { expect, test } from 'vitest';
import { amazonAddress, certificateAddress, confirmationAddress } from './amazon-address.ts';

test.each([
  'https://sns.us-east-1.amazonaws.com/x.pem',
  'https://sns.us-gov-west-1.amazonaws.com/x.pem',
  'https://sns.ap-southeast-2.amazonaws.com:443/x.pem',
  'https://sns.cn-north-1.amazonaws.com.cn/x.pem',
])('of Amazon: %s', (address) => {
  expect(amazonAddress(address)).not.toBeNull();
});

test.each([
  'http://sns.us-east-1.amazonaws.com/x.pem',
  'https://sns.us-east-1.amazonaws.com:8443/x.pem',
  'https://a:b@sns.us-east-1.amazonaws.com/x.pem',
  'https://sns.us-east-1.amazonaws.com@evil.example/x.pem',
  'https://sns.us-east-1.amazonaws.com.evil.example/x.pem',
  'https://evil.example/sns.us-east-1.amazonaws.com/x.pem',
  'https://xsns.us-east-1.amazonaws.com/x.pem',
  'https://a.sns.us-east-1.amazonaws.com/x.pem',
  'https://sns.s3.amazonaws.com/x.pem',
  'https://sns.s3-us-west-2.amazonaws.com/x.pem',
  'https://sns.s3-accelerate.amazonaws.com/x.pem',
  'https://sns.amazonaws.com/x.pem',
  'https://s3.us-east-1.amazonaws.com/x.pem',
  'https://169.254.169.254/x.pem',
  'file:///etc/passwd',
  'sns.us-east-1.amazonaws.com',
  '',
])('not of Amazon: %s', (address) => {
  expect(amazonAddress(address)).toBeNull();
});

test('a certificate is one of SNS', () => {
  const at = (path: string) => certificateAddress(`https://sns.eu-central-1.amazonaws.com${path}`)?.pathname;
  expect(at('/SimpleNotificationService-a86cb10b4e1f29c941702d737128f7b6.pem')).toMatch(/\.pem$/);
  expect(at('/SimpleNotificationService-a86c.pem?x=1')).toBeUndefined();
  expect(at('/?Action=Publish')).toBeUndefined();
  expect(at('/other.pem')).toBeUndefined();
});

test('a confirmation is of this topic, and nothing else is asked', () => {
  const topic = 'arn:aws:sns:eu-central-1:1:alarms';
  const at = (query: string) =>
    confirmationAddress(`https://sns.eu-central-1.amazonaws.com/?${query}`, topic);
  expect(at(`Action=ConfirmSubscription&TopicArn=${topic}&Token=t`)).not.toBeNull();
  expect(at(`Action=ConfirmSubscription&TopicArn=${topic}2&Token=t`)).toBeNull();
  expect(at(`Action=DeleteTopic&TopicArn=${topic}`)).toBeNull();
  expect(confirmationAddress('', topic)).toBeNull();
});
