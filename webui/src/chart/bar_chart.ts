// Bars over periods: energy of hours and days, losses, numbers of alarms.
import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  LinearScale,
  Tooltip,
  type ChartDataset,
  type ChartOptions,
  type Plugin,
} from 'chart.js';
import { formatNumber, formatShort } from '@/format/numbers';
import { tokenColour } from '@/theme/theme';
import { seriesColour } from './series_style';

Chart.register(CategoryScale, LinearScale, BarController, BarElement, Tooltip);

export interface BarSeries {
  id: string;
  name: string;
  /** One a label; null: not known, no bar. A pair is a bar that floats from…to. */
  values: (number | [number, number] | null)[];
  /** Token of theme/tokens.css without `--color-`; otherwise by the place of the series. */
  colour?: string;
  /** Of a period that is only compared with: the same colour, pale. */
  pale?: boolean;
  /** Series of the same stack stand on each other; others beside each other. */
  stack?: string;
}

export interface BarChartContent {
  labels: readonly string[];
  unit: string;
  series: readonly BarSeries[];
  /** Decimals in the tooltip. */
  digits: number;
  direction?: 'upright' | 'lying';
  /** A value to compare all bars with, as a dashed line. */
  mark?: { value: number; text: string };
}

export interface BarChartTexts {
  locale: string;
  axis: string;
}

type Bars = Chart<'bar', (number | [number, number] | null)[], string>;

/** Draws the line of `mark` over upright bars. */
function drawMark(chart: Bars, mark: NonNullable<BarChartContent['mark']>): void {
  const { ctx, chartArea: area, scales } = chart;
  const y = scales.y?.getPixelForValue(mark.value);
  if (y === undefined || y < area.top || y > area.bottom) return;
  ctx.save();
  ctx.strokeStyle = ctx.fillStyle = tokenColour('ink');
  ctx.setLineDash([6, 4]);
  ctx.beginPath();
  ctx.moveTo(area.left, y);
  ctx.lineTo(area.right, y);
  ctx.stroke();
  ctx.textAlign = 'right';
  ctx.fillText(mark.text, area.right - 4, y - 6);
  ctx.restore();
}

export class BarChart {
  private mark: BarChartContent['mark'];
  private readonly chart: Chart<'bar', (number | [number, number] | null)[], string>;

  /** `picked`: a bar was clicked, by the index of its label. */
  constructor(
    canvas: HTMLCanvasElement,
    private readonly picked?: (index: number) => void,
  ) {
    this.chart = new Chart(canvas, { type: 'bar', data: { labels: [], datasets: [] }, plugins: [this.marker()] });
  }

  show(content: BarChartContent, texts: BarChartTexts): void {
    this.chart.data.labels = [...content.labels];
    this.chart.data.datasets = content.series.map((series, index) => this.datasetOf(series, index));
    this.chart.options = this.options(content, texts);
    this.mark = content.mark;
    this.chart.update('none');
  }

  destroy(): void {
    this.chart.destroy();
  }

  private marker(): Plugin<'bar'> {
    return { id: 'mark', afterDatasetsDraw: (chart) => this.mark && drawMark(chart as Bars, this.mark) };
  }

  private datasetOf(series: BarSeries, index: number): ChartDataset<'bar', (number | [number, number] | null)[]> {
    const colour = series.colour ? tokenColour(series.colour) : seriesColour(index);
    return {
      label: series.name,
      data: series.values,
      backgroundColor: series.pale ? `${colour}40` : colour,
      borderColor: series.pale ? colour : tokenColour('surface'),
      borderWidth: series.pale ? 1 : { top: 1 },
      maxBarThickness: 48,
      ...(series.stack === undefined ? {} : { stack: series.stack }),
    };
  }

  private options(content: BarChartContent, texts: BarChartTexts): ChartOptions<'bar'> {
    const [line, ink] = [tokenColour('line'), tokenColour('muted')];
    const lying = content.direction === 'lying';
    const stacked = content.series.some(({ stack }) => stack !== undefined);
    const value = {
      stacked,
      beginAtZero: true,
      grid: { color: line },
      border: { color: line },
      title: { display: true, text: texts.axis, color: ink },
      ticks: {
        color: ink,
        maxTicksLimit: 7,
        callback: (tick: string | number) => formatShort(Number(tick), texts.locale),
      },
    };
    const label = {
      stacked,
      grid: { display: false },
      border: { color: line },
      ticks: { color: ink, maxRotation: 0, autoSkip: true },
    };
    return {
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      indexAxis: lying ? 'y' : 'x',
      interaction: { mode: 'index', intersect: false, axis: lying ? 'y' : 'x' },
      scales: lying ? { x: value, y: label } : { x: label, y: value },
      onClick: (_, items) => {
        const index = items[0]?.index;
        if (index !== undefined) this.picked?.(index);
      },
      plugins: {
        legend: { display: false },
        tooltip: {
          callbacks: {
            label: ({ dataset, raw }) => {
              const amount = Array.isArray(raw) ? Number(raw[1]) - Number(raw[0]) : (raw as number | null);
              return `${dataset.label}: ${formatNumber(amount, content.digits, texts.locale)} ${content.unit}`;
            },
          },
        },
      },
    };
  }
}
