import cronstrue from 'cronstrue';

/** The values of a cron field, ascending; `all` when it holds every one. */
type Field = { values: readonly number[]; all: boolean };

const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);
/** From Monday, as a week is said; cron's Sunday is 0 or 7. */
const WEEKDAYS = 'Monday Tuesday Wednesday Thursday Friday Saturday Sunday'.split(' ');
/** So many times or minutes are still read at a glance. */
const LISTED_AT_MOST = 4;

/**
 * Five cron fields as a person would say them: "Every 15 minutes, from 8 past the hour". What people do not say in a few words
 * (times without a pattern, days of the month or of the week) is left to cronstrue, which finds words for everything.
 */
export function describeSchedule(schedule: string): string {
  return (
    sayPlainly(schedule) ??
    cronstrue.toString(schedule, { use24HourTimeFormat: true, throwExceptionOnParseError: false })
  );
}

function sayPlainly(schedule: string): string | null {
  const [minute = '', hour = '', date = '', month = '', weekday = ''] = schedule.trim().split(/\s+/);
  const minutes = readField(minute, { from: 0, to: 59 });
  const hours = readField(hour, { from: 0, to: 23 });
  const dates = readField(date, { from: 1, to: 31 });
  const months = readField(month, { from: 1, to: 12, names: MONTHS });
  const weekdays = readField(weekday, { from: 0, to: 7, names: [WEEKDAYS[6] ?? '', ...WEEKDAYS] });
  if (!minutes || !hours || !dates || !months || !weekdays) return null;
  const days = sayDays({ dates, months, weekdays });
  if (days === null) return null;
  const times = sayTimes(minutes, hours);
  if (times) return `${days === '' ? 'Every day' : capital(days)} at ${times}`;
  const rhythm = sayRhythm(minutes, hours);
  return rhythm && capital(days === '' ? rhythm : `${rhythm}, ${days}`);
}

/** A few times of the day. */
function sayTimes(minutes: Field, hours: Field): string | null {
  const [minute] = minutes.values;
  if (minute === undefined || minutes.values.length > 1 || hours.values.length > LISTED_AT_MOST) return null;
  return list(hours.values.map((hour) => clock(hour, minute)));
}

function sayRhythm(minutes: Field, hours: Field): string | null {
  const [minute = 0] = minutes.values;
  const [first = 0] = hours.values;
  const last = hours.values.at(-1) ?? 0;
  const everyMinutes = stepOf(minutes, 60);
  if (hours.all) {
    if (minutes.all) return 'every minute';
    if (everyMinutes)
      return `every ${everyMinutes} minutes${minute === 0 ? '' : `, from ${minute} past the hour`}`;
    if (minutes.values.length > LISTED_AT_MOST) return null;
    if (minutes.values.length === 1 && minute === 0) return 'every hour';
    return `every hour at ${list(minutes.values.map((each) => `:${two(each)}`))}`;
  }
  const everyHours = stepOf(hours, 24);
  if (minutes.values.length === 1 && everyHours) {
    return `every ${everyHours} hours${first === 0 && minute === 0 ? '' : `, from ${clock(first, minute)}`}`;
  }
  if (last - first !== hours.values.length - 1) return null;
  const until = clock(last, minutes.values.at(-1) ?? 0);
  if (minutes.values.length === 1) return `every hour from ${clock(first, minute)} to ${until}`;
  return everyMinutes ? `every ${everyMinutes} minutes from ${clock(first, minute)} to ${until}` : null;
}

/** On which days; '' for all of them, null when the two kinds of days are mixed, which cron reads as "or". */
function sayDays({ dates, months, weekdays }: Record<'dates' | 'months' | 'weekdays', Field>): string | null {
  if (!dates.all && !weekdays.all) return null;
  const inMonths = months.all ? '' : list(months.values.map((month) => MONTHS[month - 1] ?? ''));
  if (!dates.all) {
    if (dates.values.length > LISTED_AT_MOST) return null;
    if (months.values.length === 1)
      return `on ${list(dates.values.map((date) => `${date} ${inMonths}`))} every year`;
    return `on the ${list(dates.values.map(ordinal))} of ${inMonths || 'every month'}`;
  }
  const week = [...new Set(weekdays.values.map((day) => (day + 6) % 7))].sort((a, b) => a - b);
  const isSpan = week.length > 2 && (week.at(-1) ?? 0) - (week[0] ?? 0) === week.length - 1;
  const names = week.map((day) => WEEKDAYS[day] ?? '');
  const onDays = weekdays.all ? '' : isSpan ? `${names[0]} to ${names.at(-1)}` : list(names);
  return [onDays, inMonths && `in ${inMonths}`].filter(Boolean).join(' ');
}

/** Lists of numbers, spans and steps, with names where there are any; null for what else croner understands. */
function readField(
  text: string,
  { from, to, names = [] }: { from: number; to: number; names?: readonly string[] },
): Field | null {
  const values = new Set<number>();
  const number = (word: string): number => {
    const named = names.findIndex((name) => word.length === 3 && name.toLowerCase().startsWith(word));
    return named >= 0 ? named + from : /^\d+$/.test(word) ? Number(word) : Number.NaN;
  };
  for (const part of text.toLowerCase().split(',')) {
    const [span = '', every, ...more] = part.split('/');
    const [low = '', high, ...rest] = span.split('-');
    const step = every === undefined ? 1 : Number(every);
    const start = low === '*' ? from : number(low);
    const end = low === '*' ? to : high !== undefined ? number(high) : every === undefined ? start : to;
    if (more.length > 0 || rest.length > 0 || !(step >= 1) || !(start >= from && end <= to && start <= end))
      return null;
    for (let value = start; value <= end; value += step) values.add(value);
  }
  // Sunday has two numbers.
  const full = to === 7 ? 7 : to - from + 1;
  const distinct = to === 7 ? new Set([...values].map((value) => value % 7)).size : values.size;
  return { values: [...values].sort((a, b) => a - b), all: distinct === full };
}

/** The distance of values that go round a clock evenly; null when they do not. */
function stepOf({ values }: Field, round: number): number | null {
  const step = round / values.length;
  const [first = 0] = values;
  const isEven = Number.isInteger(step) && values.every((value, index) => value === first + index * step);
  return isEven && values.length > 1 ? step : null;
}

const two = (value: number): string => String(value).padStart(2, '0');
const clock = (hour: number, minute: number): string => `${two(hour)}:${two(minute)}`;
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const list = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

function ordinal(value: number): string {
  const ending = value >= 11 && value <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][value % 10] ?? 'th');
  return `${value}${ending}`;
}
