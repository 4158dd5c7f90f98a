// The Chart.js object of the power trend. Lives outside Vue; the view calls redraw().
import {
  Chart,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
} from 'chart.js';
import { formatClock, formatNumber } from '@/format/numbers';
import { tokenColour } from '@/theme/theme';
import { seriesIds, windowMs, type PowerTrend, type SeriesId } from './power_trend';

Chart.register(LinearScale, LineController, LineElement, PointElement, Tooltip);

const gridMs = 2 * 60 * 1000;
/** Series differ by dash as well as by colour. The legend of the view draws the same. */
export const seriesDash: Record<SeriesId, number[]> = {
  total: [],
  conveyor: [6, 3],
  station1: [],
  station2: [2, 2],
  reject: [8, 3, 2, 3],
};

export interface ChartTexts {
  locale: string;
  axis: string;
  seriesName(id: SeriesId): string;
}

/** Multiples of two minutes inside the window, so that the labels move with the line. */
export function timeTicks(min: number, max: number): number[] {
  const ticks: number[] = [];
  for (let at = Math.ceil(min / gridMs) * gridMs; at <= max; at += gridMs) ticks.push(at);
  return ticks;
}

export class PowerChart {
  private readonly chart: Chart<'line'>;

  constructor(
    canvas: HTMLCanvasElement,
    trend: PowerTrend,
    private texts: ChartTexts,
  ) {
    this.chart = new Chart(canvas, {
      type: 'line',
      data: {
        datasets: seriesIds.map((id) => ({
          data: trend.series[id],
          borderWidth: id === 'total' ? 2 : 1.5,
          borderDash: seriesDash[id],
          pointRadius: 0,
          pointHitRadius: 6,
          spanGaps: false,
        })),
      },
      options: this.options(),
    });
    this.restyle(texts);
  }

  /** Moves the window to end at `nowMs` and draws. */
  redraw(nowMs: number): void {
    const x = this.chart.options.scales?.x;
    if (x) Object.assign(x, { min: nowMs - windowMs, max: nowMs });
    this.chart.update('none');
  }

  show(id: SeriesId, visible: boolean): void {
    this.chart.setDatasetVisibility(seriesIds.indexOf(id), visible);
    this.chart.update('none');
  }

  /** After a change of theme or language. */
  restyle(texts: ChartTexts): void {
    this.texts = texts;
    seriesIds.forEach((id, index) => {
      const dataset = this.chart.data.datasets[index];
      if (!dataset) return;
      dataset.label = texts.seriesName(id);
      dataset.borderColor = dataset.backgroundColor = tokenColour(`series-${id}`);
    });
    const line = tokenColour('line');
    const ink = tokenColour('muted');
    for (const scale of Object.values(this.chart.options.scales ?? {})) {
      if (!scale) continue;
      Object.assign(scale, { grid: { color: line }, border: { color: line } });
      Object.assign(scale.ticks ?? {}, { color: ink });
    }
    const y = this.chart.options.scales?.y;
    if (y) Object.assign(y, { title: { display: true, text: texts.axis, color: ink } });
    this.chart.update('none');
  }

  destroy(): void {
    this.chart.destroy();
  }

  private options(): NonNullable<ConstructorParameters<typeof Chart<'line'>>[1]['options']> {
    return {
      parsing: false,
      normalized: true,
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      interaction: { mode: 'nearest', axis: 'x', intersect: false },
      scales: {
        x: {
          type: 'linear',
          afterBuildTicks: (scale) => {
            scale.ticks = timeTicks(scale.min, scale.max).map((value) => ({ value }));
          },
          ticks: {
            maxRotation: 0,
            callback: (value) => formatClock(Number(value), this.texts.locale).slice(0, 5),
          },
        },
        y: {
          type: 'linear',
          beginAtZero: true,
          ticks: {
            maxTicksLimit: 7,
            callback: (value) => formatNumber(Number(value), 1, this.texts.locale),
          },
        },
      },
      plugins: {
        legend: { display: false }, // The view has one of buttons, for keyboard and screen reader.
        tooltip: {
          callbacks: {
            title: (items) => formatClock(items[0]?.parsed.x, this.texts.locale),
            label: (item) =>
              `${item.dataset.label}: ${formatNumber(item.parsed.y, 2, this.texts.locale)} kW`,
          },
        },
      },
    };
  }
}
