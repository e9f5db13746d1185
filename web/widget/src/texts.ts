/** What the widget says, in Chinese and English. */

export const ZH = {
  heading: {
    providers: "推荐的服务机构",
    demands: "推荐的需求",
    latest: "最新需求",
    cases: "导航案例",
  },
  loading: "正在加载…",
  count: (n: number) => `共 ${n} 条`,
  empty: {
    providers: "暂无合适的服务机构",
    demands: "暂无合适的需求",
    latest: "暂无公开的需求",
    cases: "暂无公开的案例",
  },
  emptyHint: {
    providers: "匹配程度达不到“一般”的不列出。",
    demands: "匹配程度达不到“一般”的不列出。",
    latest: "有新的公开需求时会显示在这里。",
    cases: "有新的公开案例时会显示在这里。",
  },
  degraded: "服务正在恢复，结果可能不是最新的。",
  band: { strong: "强匹配", good: "较强匹配", fair: "一般匹配" },
  retry: "重试",
  error: {
    network: "连接不上服务，或者本网站没有得到许可。",
    credential: "嵌入令牌无效或已撤销，请联系网站管理员。",
    forbidden: "本网站没有显示这类内容的许可。",
    missing: "没有找到这条记录，可能已不再公开。",
    setup: "组件的设置有误，请联系网站管理员。",
    often: "请求过于频繁，请稍后再试。",
    unavailable: "服务暂时不可用，请稍后再试。",
  },
};

export type Texts = typeof ZH;

export const EN: Texts = {
  heading: {
    providers: "Recommended providers",
    demands: "Recommended demands",
    latest: "Latest demands",
    cases: "Navigation cases",
  },
  loading: "Loading…",
  count: (n) => (n === 1 ? "1 result" : `${n} results`),
  empty: {
    providers: "No suitable provider",
    demands: "No suitable demand",
    latest: "No public demand",
    cases: "No public case",
  },
  emptyHint: {
    providers: "Matches below “fair” are not listed.",
    demands: "Matches below “fair” are not listed.",
    latest: "New public demands will appear here.",
    cases: "New public cases will appear here.",
  },
  degraded: "The service is recovering; results may not be the latest.",
  band: { strong: "Strong match", good: "Good match", fair: "Fair match" },
  retry: "Retry",
  error: {
    network: "The service cannot be reached, or this site is not permitted.",
    credential: "The widget token is invalid or revoked. Please tell the site’s administrator.",
    forbidden: "This site is not permitted to show this.",
    missing: "Not found; it may no longer be public.",
    setup: "The widget is not set up correctly. Please tell the site’s administrator.",
    often: "Too many requests. Please try again later.",
    unavailable: "The service is unavailable. Please try again later.",
  },
};
