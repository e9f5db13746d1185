/**
 * Values in Chinese: money, durations, the questions a missing fact belongs to.
 */

const FEN_PER_WAN = 1000000;
const DAYS_PER_MONTH = 30;

/** An amount of money, in 万元 from 1 万元 on, else in 元. */
export function money(fen) {
  const [amount, unit] = fen >= FEN_PER_WAN ? [fen / FEN_PER_WAN, "万元"] : [fen / 100, "元"];
  return `${Number(amount.toFixed(4)).toLocaleString("zh-CN")} ${unit}`;
}

/**
 * A budget in words; `label` names the kind where there is no amount to say.
 *
 * A range may lack its upper end.
 */
export function budgetWords({ kind, min_fen: least, max_fen: most }, label) {
  if (kind === "range") return most === null ? `${money(least)} 以上` : `${money(least)} 至 ${money(most)}`;
  if (kind === "ceiling") return `不超过 ${money(most)}`;
  return kind === "fixed" ? money(most) : label;
}

/** A duration in words. */
export function periodWords({ min_days: least, max_days: most }) {
  const months = most >= 2 * DAYS_PER_MONTH ? `（约 ${Math.round(most / DAYS_PER_MONTH)} 个月）` : "";
  return least && least !== most ? `${least} 至 ${most} 天${months}` : `${most} 天${months}`;
}
