// Lines over the hours of the day, each with the spread of the days as a soft band.
import {
  CategoryScale,
  Chart,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
  type ChartDataset,
  type ChartOptions,
} from 'chart.js';
import { formatNumber, formatShort } from '@/format/numbers';
import { tokenColour } from '@/theme/theme';
import { seriesColour, seriesDash } from './series_style';

Chart.register(CategoryScale, LinearScale, LineController, LineElement, PointElement, Tooltip, Filler);

type Values = (number | null)[];

export interface ProfileSeries {
  id: string;
  name: string;
  /** One a label; null: not known, the line is broken there. */
  mean: Values;
  low: Values;
  high: Values;
  hidden?: boolean;
}

export interface ProfileContent {
  labels: readonly string[];
  unit: string;
  series: readonly ProfileSeries[];
}

export interface ProfileTexts {
  locale: string;
  axis: string;
  /** Title of the axis of hours. */
  hours: string;
}

const digits = 2;

export class ProfileChart {
  private readonly chart: Chart<'line', Values, string>;

  constructor(canvas: HTMLCanvasElement) {
    this.chart = new Chart(canvas, { type: 'line', data: { labels: [], datasets: [] } });
  }

  show(content: ProfileContent, texts: ProfileTexts): void {
    this.chart.data.labels = [...content.labels];
    this.chart.data.datasets = content.series.flatMap((series, index) => this.datasetsOf(series, index));
    this.chart.options = this.options(content, texts);
    this.chart.update('none');
  }

  destroy(): void {
    this.chart.destroy();
  }

  private datasetsOf(series: ProfileSeries, index: number): ChartDataset<'line', Values>[] {
    const colour = seriesColour(index);
    const common = { hidden: series.hidden ?? false, spanGaps: false, pointRadius: 0 };
    const line = {
      ...common,
      label: series.name,
      data: series.mean,
      borderColor: colour,
      backgroundColor: colour,
      borderWidth: 2,
      borderDash: seriesDash(index),
      pointRadius: 2, // An hour between two that are not known is a dot, not nothing.
      pointHitRadius: 6,
    };
    const edge = { ...common, borderWidth: 0, pointHitRadius: 0, label: '', backgroundColor: `${colour}26` };
    return [line, { ...edge, data: series.low, fill: false }, { ...edge, data: series.high, fill: '-1' }];
  }

  private options(content: ProfileContent, texts: ProfileTexts): ChartOptions<'line'> {
    const [line, ink] = [tokenColour('line'), tokenColour('muted')];
    const number = (value: number | null) => formatNumber(value, digits, texts.locale);
    return {
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      interaction: { mode: 'index', intersect: false },
      scales: {
        x: {
          grid: { display: false },
          border: { color: line },
          title: { display: true, text: texts.hours, color: ink },
          ticks: { color: ink, maxRotation: 0, autoSkip: true },
        },
        y: {
          beginAtZero: true,
          grid: { color: line },
          border: { color: line },
          title: { display: true, text: texts.axis, color: ink },
          ticks: { color: ink, maxTicksLimit: 7, callback: (tick) => formatShort(Number(tick), texts.locale) },
        },
      },
      plugins: {
        legend: { display: false },
        tooltip: {
          filter: (item) => item.dataset.label !== '',
          callbacks: {
            label: ({ datasetIndex, dataIndex }) => {
              const series = content.series[Math.floor(datasetIndex / 3)];
              if (!series) return '';
              const [mean, low, high] = [series.mean, series.low, series.high].map((values) =>
                number(values[dataIndex] ?? null),
              );
              return `${series.name}: ${mean} (${low}…${high}) ${content.unit}`;
            },
          },
        },
      },
    };
  }
}
