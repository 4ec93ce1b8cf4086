// For tsc: the library is checked by its authors.
declare const uPlot: any;
export default uPlot;
