/**
 * Texts to try the page with: a clear demand of an enterprise, one of a government office, a
 * vague one, and one that is no navigation demand. All invented.
 */

export interface Sample {
  name: string;
  text: string;
  question?: string;
}

export const SAMPLES: Sample[] = [
  {
    name: "企业：出口风险",
    text:
      "烧结钕铁硼磁体出口德国侵权风险排查\n" +
      "我公司在宁波，明年起向德国两家电机厂供应烧结钕铁硼磁体。请对晶界扩散、重稀土减量和表面镀层三处工艺" +
      "做专利侵权风险排查，逐项比对权利要求，提出规避设计建议，交付分析报告和风险专利名单。" +
      "预算30-50万元，三个月内完成，服务团队不少于5人，做过磁性材料项目的优先。",
    question: "董事会据此决定是否按现有工艺签供货合同。",
  },
  {
    name: "政府：产业链",
    text:
      "漂浮式海上风电产业链短板分析\n" +
      "湛江市拟摸清漂浮式海上风电产业链的家底：浮体、系泊、动态电缆和整机四个环节，哪里是短板，" +
      "国内外哪些企业和团队能补上。请用专利数据画出产业链图谱，列出可引进的企业名单，形成导航分析报告。" +
      "经费不超过60万元，半年内交付。",
    question: "市发改部门据此编制补链招商计划。",
  },
  {
    name: "说得含糊的",
    text: "想做点新能源方面的专利分析，看看有没有什么机会，希望尽快，预算好商量，找个有经验的团队聊聊。",
  },
  {
    name: "不属于导航的",
    text:
      "委托办理商标续展和专利年费代缴\n" +
      "公司有三件注册商标下半年到期，另有十二件实用新型专利要交年费，想找一家代理机构统一代办，" +
      "请报价并说明办理时间。",
  },
];
