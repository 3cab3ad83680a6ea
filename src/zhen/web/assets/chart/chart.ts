import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { onThemeChange, token } from "../scripts/tokens";

echarts.use([BarChart, LineChart, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, SVGRenderer]);

const MOST_DOTS = 60;

interface Series { name: string; tone: string; values: (number | null)[] }
interface Data { form: "line" | "bar"; unit: string; labels: string[]; series: Series[]; target: number | null }

/** Each chart reads its numbers from the JSON beside it, again when it is told that they are fresh. The table behind it holds the same. */
export function bind(): void {
  for (const place of document.querySelectorAll<HTMLElement>("[data-chart]")) {
    const source = document.getElementById(place.dataset["chart"]!);
    if (!source?.textContent || "bound" in place.dataset) continue;
    place.dataset["bound"] = "";
    const chart = echarts.init(place, null, { renderer: "svg" });
    const draw = (): void => chart.setOption(options(JSON.parse(source.textContent!) as Data), { notMerge: true });
    draw();
    onThemeChange(draw);
    place.addEventListener("fresh", draw);
    new ResizeObserver(() => chart.resize()).observe(place);
  }
}

/** Series differ in line and in lightness as well, so that nobody needs the colour. */
function options(data: Data): echarts.EChartsCoreOption {
  const ink = token("--ink-2");
  const quiet = token("--ink-3");
  const line = token("--line");
  const colours = [token("--pine"), token("--neutral-mark"), token("--due-soon-mark"), token("--behind-mark")];
  const dashes = ["solid", "dashed", "dotted", "solid"] as const;
  const font = { fontFamily: getComputedStyle(document.body).fontFamily, fontSize: rem(0.75), color: ink };
  return {
    animation: false,
    color: colours,
    textStyle: font,
    grid: { left: 4, right: 12, top: rem(data.series.length > 1 ? 3.25 : 1.75), bottom: 4, containLabel: true },
    legend: { show: data.series.length > 1, top: 0, left: 0, icon: "roundRect", itemWidth: 18, itemHeight: 3, textStyle: font },
    tooltip: { trigger: "axis", renderMode: "richText", backgroundColor: token("--float"), borderColor: line, textStyle: font, valueFormatter: (value: unknown) => (value == null ? "—" : `${String(value)} ${data.unit}`) },
    xAxis: { type: "category", data: data.labels, boundaryGap: data.form === "bar", axisLine: { lineStyle: { color: quiet } }, axisTick: { show: false }, axisLabel: font },
    yAxis: { type: "value", name: data.unit, nameGap: rem(0.6), nameTextStyle: { ...font, color: quiet, align: "left", padding: [0, 0, 0, -rem(1.5)] }, splitLine: { lineStyle: { color: line } }, axisLabel: { ...font, color: quiet } },
    series: data.series.map((series, n) => ({
      name: series.name,
      type: data.form,
      data: series.values.map((value, at) => (alone(series.values, at) ? { value, symbolSize: 6 } : value)),
      barMaxWidth: rem(2),
      symbol: "circle",
      symbolSize: n === 0 && series.values.length <= MOST_DOTS ? 6 : 0,
      showAllSymbol: true,
      connectNulls: false,
      lineStyle: { width: n === 0 ? 2.5 : 1.5, type: dashes[n % dashes.length] },
      ...(n === 0 && data.target !== null
        ? { markLine: { symbol: "none", silent: true, lineStyle: { color: token("--ink"), type: "solid", width: 1 }, label: { ...font, formatter: String(data.target), position: "insideEndTop" }, data: [{ yAxis: data.target }] } }
        : {}),
    })),
  };
}

/** A value without neighbours has no line: it would not be seen. */
const alone = (values: (number | null)[], at: number): boolean => values[at] != null && values[at - 1] == null && values[at + 1] == null;

const rem = (size: number): number => size * parseFloat(getComputedStyle(document.documentElement).fontSize);
