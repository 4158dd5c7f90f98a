// Hour of the day × day: where in the week the energy goes.
import { CategoryScale, Chart, Tooltip, type ChartOptions } from 'chart.js';
import { MatrixController, MatrixElement, type MatrixDataPoint } from 'chartjs-chart-matrix';
import { formatNumber } from '@/format/numbers';
import { tokenColour } from '@/theme/theme';

Chart.register(CategoryScale, MatrixController, MatrixElement, Tooltip);

export interface HeatCell {
  /** A label of `columns` and one of `rows`. */
  column: string;
  row: string;
  /** Null: not known; drawn as an empty frame, not as 0. */
  value: number | null;
}

export interface HeatMapContent {
  columns: readonly string[];
  rows: readonly string[];
  cells: readonly HeatCell[];
  unit: string;
  digits: number;
}

type Cell = Omit<MatrixDataPoint, 'v'> & {
  v: number | null;
};

export class HeatMap {
  private readonly chart: Chart<'matrix', MatrixDataPoint[]>;

  constructor(canvas: HTMLCanvasElement) {
    this.chart = new Chart<'matrix', MatrixDataPoint[]>(canvas, { type: 'matrix', data: { datasets: [] } });
  }

  show(content: HeatMapContent, locale: string): void {
    const largest = Math.max(...content.cells.map(({ value }) => value ?? 0), Number.MIN_VALUE);
    const [ink, line, empty] = [tokenColour('accent'), tokenColour('line'), tokenColour('surface')];
    const cells = content.cells.map(
      ({ column, row, value }) => ({ x: column, y: row, v: value }) as unknown as MatrixDataPoint,
    );
    const strength = (cell: Cell) => Math.round((0.06 + 0.94 * ((cell.v ?? 0) / largest)) * 255);
    this.chart.data = {
      datasets: [
        {
          data: cells,
          borderWidth: 1,
          borderColor: line,
          backgroundColor: ({ raw }) => {
            const cell = raw as unknown as Cell | undefined;
            if (!cell || cell.v === null) return empty;
            return `${ink}${strength(cell).toString(16).padStart(2, '0')}`;
          },
          width: ({ chart }) => Math.max(1, (chart.chartArea?.width ?? 0) / content.columns.length - 1),
          height: ({ chart }) => Math.max(1, (chart.chartArea?.height ?? 0) / content.rows.length - 1),
        },
      ],
    };
    this.chart.options = this.options(content, locale);
    this.chart.update('none');
  }

  destroy(): void {
    this.chart.destroy();
  }

  private options(content: HeatMapContent, locale: string): ChartOptions<'matrix'> {
    const ink = tokenColour('muted');
    const axis = { type: 'category' as const, offset: true, grid: { display: false }, border: { display: false } };
    return {
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      scales: {
        x: { ...axis, labels: [...content.columns], ticks: { color: ink, maxRotation: 0 } },
        y: { ...axis, labels: [...content.rows], reverse: false, ticks: { color: ink } },
      },
      plugins: {
        legend: { display: false },
        tooltip: {
          callbacks: {
            title: (items) => {
              const cell = items[0]?.raw as { x: unknown; y: unknown } | undefined;
              return cell ? `${String(cell.y)} · ${String(cell.x)}` : '';
            },
            label: ({ raw }) =>
              `${formatNumber((raw as unknown as Cell).v, content.digits, locale)} ${content.unit}`,
          },
        },
      },
    };
  }
}
