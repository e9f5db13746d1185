/** Who sees what, in words: the levels of `models/sight.py` and the openness of a demand. */

import { t } from "./language";

export const VISIBILITIES = ["public", "platform", "region", "bases", "invited", "private"];
export const CONFIDENTIALITIES = ["open", "masked", "restricted"];

/** Who sees a demand besides those who always do. */
export function demandSeenBy(visibility: string): string {
  const words: Record<string, string> = {
    public: t("任何人都看得到，不登录也行；也会出现在嵌入了本平台内容的网站上。"),
    platform: t("登录本平台的各单位都看得到；不登录看不到，也不会出现在别的网站上。"),
    region: t("与贵单位同一省份的单位看得到，其他省份的看不到。"),
    bases: t("各服务基地看得到；服务机构看不到，邀请了也看不到。"),
    invited: t("只有贵单位邀请了的机构看得到；在匹配结果里点“邀请”。"),
    private: t("别的单位都看不到，邀请了也看不到；可以先自己看匹配，再改大范围。"),
  };
  return words[visibility] ?? "";
}

/** What of a demand those who see it are shown. */
export function demandShown(confidentiality: string): string {
  const words: Record<string, string> = {
    open: t("看得到需求的人，也看得到服务对象是哪一类单位；使用单位是谁，要双方有意之后才告诉对方。"),
    masked: t("服务对象是哪一类单位也不显示；登记了使用单位的，标题和正文里不能写出它的名称。双方有意之后才告诉对方。"),
    restricted: t("可见范围不能选“公开”；会议报告上注明按此范围保管和分发。国家秘密一律不得录入。"),
  };
  return words[confidentiality] ?? "";
}

/** Who finds a capability. */
export function capabilitySeenBy(visibility: string): string {
  const words: Record<string, string> = {
    public: t("任何人都看得到，不登录也行；也会出现在嵌入了本平台内容的网站上。"),
    platform: t("登录本平台的各单位都看得到，都可以匹配到；不登录看不到。"),
    region: t("与贵机构同一省份的单位看得到、匹配得到，其他省份的不行。"),
    bases: t("各服务基地看得到、匹配得到，别的服务机构看不到。"),
    invited: t("只有与贵机构双方有意的单位看得到；不会推荐给别的需求。"),
    private: t("只有贵机构看得到；不会推荐给任何需求。"),
  };
  return words[visibility] ?? "";
}
