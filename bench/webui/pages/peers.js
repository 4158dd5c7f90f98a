// The same picture by other libraries: mean line, band of smallest and largest, two axes, a gap, no animation.
import { LineChart } from 'echarts/charts';
import { GridComponent, TooltipComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

echarts.use([LineChart, GridComponent, TooltipComponent, CanvasRenderer]);

const colour = '#4a6a8a';
const soft = '#4a6a8a26';
const orNull = (value) => (Number.isNaN(value) ? null : value);

const uplot = {
  draw(host, data) {
    const column = (key) => data.map((bucket) => orNull(bucket[key]));
    return new Promise((resolve) => {
      const plot = new uPlot(
        {
          width: host.clientWidth,
          height: host.clientHeight,
          legend: { show: false },
          series: [
            {},
            { label: 'Power', stroke: colour, width: 2, points: { show: false } },
            { points: { show: false } },
            { points: { show: false } },
          ],
          bands: [{ series: [3, 2], fill: soft }],
          axes: [{}, { label: 'kW' }],
          hooks: { draw: [() => resolve(() => plot.destroy())] },
        },
        [data.map(({ at }) => at / 1000), column('mean'), column('low'), column('high')],
        host,
      );
    });
  },
};

const eCharts = {
  async draw(host, data) {
    const chart = echarts.init(host);
    const line = { type: 'line', showSymbol: false, connectNulls: false, emphasis: { disabled: true } };
    const column = (value) => data.map((bucket) => [bucket.at, orNull(value(bucket))]);
    chart.setOption({
      animation: false,
      tooltip: { trigger: 'axis' },
      xAxis: { type: 'time' },
      yAxis: { type: 'value', name: 'kW' },
      series: [
        { ...line, data: column(({ mean }) => mean), lineStyle: { color: colour, width: 2 } },
        // Its way to a band: the difference stacked on the lower edge.
        { ...line, stack: 'band', data: column(({ low }) => low), lineStyle: { opacity: 0 } },
        {
          ...line,
          stack: 'band',
          data: column(({ high, low }) => high - low),
          lineStyle: { opacity: 0 },
          areaStyle: { color: soft },
        },
      ],
    });
    chart.getZr().flush();
    return () => chart.dispose();
  },
};

export const peers = { 'uPlot 1.6': uplot, 'ECharts 6.1': eCharts };
