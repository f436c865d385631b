/** The texts of the fetched part, in Simplified Chinese. */
import { codec } from "./en";
import type { MoreStrings } from "./index";
import { container } from "./more-en";

export const moreZh: MoreStrings = {
  place: (place) => `第 ${place} 名`,
  better: "这个更好",
  equal: "两者相当",
  placeNow: (place) => `第 ${place} 名，收回`,
  tie: "下一个与上一个并列",
  rankAll: (left) =>
    left === 0 ? "都已排名。" : `从最好的开始排名：还剩 ${left} 个。两个即可提交。`,
  pickOne: "哪一个更好？",
  send: "提交投票",
  startAgain: "重新开始",
  close: "关闭",
  voteAgain: "再投一次",
  namesHidden: "隐藏名称",
  voter: "投票人（可不填）",
  keyList: [
    ["空格, K", "播放或暂停"],
    ["L / J", "加快 / 倒放"],
    ["← →", "一帧，按最高帧率；加 Shift 为一秒"],
    ["↑ ↓", "速度"],
    ["Home, End", "第一帧和最后一帧"],
    ["I, O, P", "从这里循环，循环到这里，循环全部"],
    ["1–9", "听某个片段；在并排、划像、差异、闪切中选第二个片段"],
    ["Shift + 1–9", "在这些方式中选第一个片段"],
    ["M", "关闭声音"],
    ["G, T, W, D, F", "网格、并排、划像、差异、闪切"],
    ["Z, +, −, 0", "1:1、放大、缩小、恢复；Alt + 方向键移动画面"],
    [", .", "将所选片段相对其他片段移动一帧"],
    ["V, X, ?", "投票、全屏、此列表"],
    ["Page Up, Page Down", "翻页；对矩阵投票时为换行"],
  ],
  wipeHandle: "划像：第一个片段显示多少",
  tryAgain: "重试",
  cannotPlayKind: (name) => `此浏览器无法播放这种 ${codec(name)}。`,
  cannotRead: (format) => `此浏览器无法读取 ${container(format)} 文件。`,
  cannotPlay: (name) => `此浏览器无法播放 ${codec(name)}。`,
  cannotPlayHidden: "此浏览器无法播放这个片段。",
  makePreview: "生成预览副本",
  makePreviewHint: "在项目的 previews/ 文件夹中生成 H.264 副本；原片段不变。",
  makingPreview: (percent) => `正在生成预览副本：${percent}%`,

  drift: (frames) => `偏差最大 ${frames.toFixed(1)} 帧`,
  driftHint:
    "播放以来按屏幕上的帧测得：任意两个片段之间超出帧长所能解释的最大偏差，以较慢片段的帧为单位",

  voteKept: "投票已保存。",
  keptAndShown: "投票已保存，名称已显示。",
};
