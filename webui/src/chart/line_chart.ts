// A chart of series over time: gaps stay gaps, limits are drawn, dragging chooses a time.
import {
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
import annotationPlugin, { type AnnotationOptions } from 'chartjs-plugin-annotation';
import { formatDateTime } from '@/format/dates';
import { tokenColour } from '@/theme/theme';
import type { TimeRange } from '@/time/range';
import { pictureOf } from './picture';
import { seriesColour, seriesDash } from './series_style';
import { tickText, timeTicks } from './time_ticks';
import { unitsOf, valueAxes, valueText, type AxisContent } from './value_axes';

Chart.register(LinearScale, LineController, LineElement, PointElement, Tooltip, Filler, annotationPlugin);

/** Epoch ms; y is NaN where a gap begins, and the line is broken there. */
export interface ChartPoint {
  x: number;
  y: number;
}

export interface LineSeries {
  id: string;
  name: string;
  unit: string;
  /** Ascending in x. */
  points: ChartPoint[];
  /** Smallest and largest value of each bucket: a soft band behind the line. */
  band?: { low: ChartPoint[]; high: ChartPoint[] };
  /** Index of the series that it is compared with: its colour, thinner and dotted. */
  comparedWith?: number;
  /** Drawn as steps: a state or a setpoint holds until it changes. */
  stepped?: boolean;
  /** False: the axis need not begin at zero, as of a meter reading. */
  fromZero?: false;
  hidden?: boolean;
}

export interface LimitLine {
  value: number;
  unit: string;
  text: string;
  level: 'warning' | 'critical' | 'emergency';
}

export interface LineChartContent extends AxisContent {
  range: TimeRange;
  series: readonly LineSeries[];
  limits?: readonly LimitLine[];
}

export interface LineChartTexts {
  locale: string;
  /** The title of the axis of a unit. */
  axis(unit: string): string;
}

const maxTimeTicks = 8;
const digits = 3;

/** Lives outside Vue's reactivity: the component calls show() when something has changed. */
export class LineChart {
  private readonly chart: Chart<'line', ChartPoint[]>;
  private content: LineChartContent = { range: { start: 0, end: 1 }, series: [] };
  private dragging = false;

  /** `chosen`: a time was dragged over; without it dragging does nothing. */
  constructor(
    canvas: HTMLCanvasElement,
    private texts: LineChartTexts,
    private readonly chosen?: (range: TimeRange) => void,
  ) {
    this.chart = new Chart(canvas, { type: 'line', data: { datasets: [] }, options: this.options() });
    if (chosen) void this.enableDragging();
  }

  /** Loaded by those pages only that zoom. */
  private async enableDragging(): Promise<void> {
    const { default: zoomPlugin } = await import('chartjs-plugin-zoom');
    Chart.register(zoomPlugin);
    this.dragging = true;
    if (this.chart.canvas) this.show(this.content);
  }

  show(content: LineChartContent, texts: LineChartTexts = this.texts): void {
    this.content = content;
    this.texts = texts;
    this.chart.data.datasets = content.series.flatMap((series, index) => this.datasetsOf(series, index));
    this.chart.options = this.options();
    this.chart.update('none');
  }

  toPng(): Promise<Blob | null> {
    return pictureOf(this.chart.canvas);
  }

  /** Moves the time axis only: for live charts, whose arrays grow by themselves. */
  moveTo(range: TimeRange): void {
    this.content = { ...this.content, range };
    const x = this.chart.options.scales?.x;
    if (x) Object.assign(x, { min: range.start, max: range.end });
    this.chart.update('none');
  }

  hide(id: string, hidden: boolean): void {
    const series = this.content.series.find((candidate) => candidate.id === id);
    if (!series) return;
    series.hidden = hidden;
    this.show(this.content);
  }

  destroy(): void {
    this.chart.destroy();
  }

  private datasetsOf(series: LineSeries, index: number): ChartDataset<'line', ChartPoint[]>[] {
    const compared = series.comparedWith !== undefined;
    const colour = seriesColour(series.comparedWith ?? index);
    const common = {
      yAxisID: `y${unitsOf(this.content).indexOf(series.unit)}`,
      pointRadius: 0,
      pointHitRadius: 6,
      spanGaps: false,
      hidden: series.hidden ?? false,
      stepped: series.stepped ? ('before' as const) : (false as const),
    };
    const line: ChartDataset<'line', ChartPoint[]> = {
      ...common,
      label: series.name,
      data: series.points,
      borderColor: colour,
      backgroundColor: colour,
      borderWidth: compared ? 1 : index === 0 ? 2 : 1.5,
      borderDash: compared ? [1, 3] : seriesDash(index),
    };
    if (!series.band) return [line];
    const unseen = { borderWidth: 0, pointHitRadius: 0, pointHoverRadius: 0 };
    const edge = { ...common, ...unseen, label: '', backgroundColor: `${colour}26` };
    return [
      line,
      { ...edge, data: series.band.low, fill: false },
      { ...edge, data: series.band.high, fill: '-1' },
    ];
  }

  private options(): ChartOptions<'line'> {
    const { range } = this.content;
    const span = range.end - range.start;
    const [line, ink] = [tokenColour('line'), tokenColour('muted')];
    const look = { grid: { color: line }, border: { color: line } };
    const units = unitsOf(this.content);
    return {
      parsing: false,
      normalized: true,
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      interaction: { mode: 'nearest', axis: 'x', intersect: false },
      scales: {
        x: {
          ...look,
          type: 'linear',
          min: range.start,
          max: range.end,
          afterBuildTicks: (scale) => {
            // Of the scale, not of `range`: moveTo() shifts the axis without building the options anew.
            scale.ticks = timeTicks(scale.min, scale.max, maxTimeTicks).map((at) => ({ value: at }));
          },
          ticks: {
            color: ink,
            maxRotation: 0,
            autoSkipPadding: 12, // On a phone every other label, rather than all of them touching.
            callback: (at) => tickText(Number(at), span, this.texts.locale),
          },
        },
        ...valueAxes(this.content, this.texts.axis, this.texts.locale),
      },
      plugins: {
        legend: { display: false }, // The component has one of buttons, for keyboard and screen reader.
        ...(this.dragging ? { zoom: this.dragOptions() } : {}),
        annotation: { animations: { numbers: { duration: 0 } }, annotations: this.limitLines(units) },
        tooltip: {
          filter: (item) => item.dataset.label !== '',
          callbacks: {
            title: (items) => formatDateTime(items[0]?.parsed.x, this.texts.locale),
            label: (item) => {
              const unit = units[Number(String(item.dataset.yAxisID).slice(1))] ?? '';
              const text = valueText(this.content, unit, Number(item.parsed.y), digits, this.texts.locale);
              return `${item.dataset.label}: ${text} ${this.content.words?.[unit] ? '' : unit}`;
            },
          },
        },
      },
    } as ChartOptions<'line'>;
  }

  private dragOptions() {
    const colour = tokenColour('accent');
    return {
      zoom: {
        mode: 'x' as const,
        drag: { enabled: true, threshold: 8, backgroundColor: `${colour}22`, borderColor: colour, borderWidth: 1 },
        onZoomComplete: ({ chart }: { chart: Chart }) => {
          const x = chart.scales.x;
          if (x) this.chosen?.({ start: Math.round(x.min), end: Math.round(x.max) });
        },
      },
    };
  }

  private limitLines(units: readonly string[]): AnnotationOptions[] {
    return (this.content.limits ?? [])
      .filter(({ unit }) => units.includes(unit))
      .map(({ value, unit, text, level }) => {
        const colour = tokenColour(level === 'warning' ? 'warn' : 'fault');
        return {
          type: 'line' as const,
          yScaleID: `y${units.indexOf(unit)}`,
          yMin: value,
          yMax: value,
          borderColor: colour,
          borderWidth: 1,
          borderDash: level === 'warning' ? [6, 4] : [2, 2],
          label: {
            display: true,
            content: text,
            position: 'start' as const,
            yAdjust: -9,
            color: colour,
            backgroundColor: 'transparent',
            font: { size: 11 },
            padding: 2,
          },
        };
      });
  }
}
