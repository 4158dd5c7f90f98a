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
import { windowMs, type PowerTrend } from './power_trend';

Chart.register(LinearScale, LineController, LineElement, PointElement, Tooltip);

const gridMs = 2 * 60 * 1000;
const dashes: readonly number[][] = [[], [6, 3], [], [2, 2], [8, 3, 2, 3]];
export const seriesColours = 5; // --color-series-1 to -5 in theme/tokens.css.

/** Series differ by dash as well as by colour; from the sixth on the pairs shift, so that 25 devices
 *  differ. The legend of the view draws the same. */
export function seriesDash(index: number): number[] {
  return dashes[(index + Math.floor(index / seriesColours)) % dashes.length] ?? [];
}

export interface ChartTexts {
  locale: string;
  axis: string;
  seriesName(id: string): string;
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
    private readonly trend: PowerTrend,
    private texts: ChartTexts,
  ) {
    this.chart = new Chart(canvas, {
      type: 'line',
      data: {
        datasets: trend.ids.map((id, index) => ({
          data: trend.points(id),
          borderWidth: index === 0 ? 2 : 1.5,
          borderDash: seriesDash(index),
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

  show(id: string, visible: boolean): void {
    this.chart.setDatasetVisibility(this.trend.ids.indexOf(id), visible);
    this.chart.update('none');
  }

  /** After a change of theme or language. */
  restyle(texts: ChartTexts): void {
    this.texts = texts;
    this.trend.ids.forEach((id, index) => {
      const dataset = this.chart.data.datasets[index];
      if (!dataset) return;
      dataset.label = texts.seriesName(id);
      dataset.borderColor = dataset.backgroundColor = tokenColour(`series-${(index % seriesColours) + 1}`);
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
