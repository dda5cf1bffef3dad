/** A small log with known truth, as CSV. */

/** 60 users over 12 weeks, who change between two of six domains from week to week. 4,320 rows. */
export function weekly(): string {
  const rows = ['user,item,category,time'];
  for (let user = 0; user < 60; user += 1)
    for (let week = 0; week < 12; week += 1)
      for (let n = 0; n < 6; n += 1) {
        const domain = (user + (week % 2) + (n === 5 ? 1 : 0)) % 6;
        rows.push(`u${user},i${domain}-${n},d${domain},${1_700_000_000 + week * 604_800 + n * 3600}`);
      }
  return `${rows.join('\n')}\n`;
}
