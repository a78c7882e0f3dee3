declare const Hls: any;
export default Hls;
