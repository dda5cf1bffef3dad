/** 离线使用与新版本的语句。见 zh.ts。 */
import type { OfflineMessages } from './en.offline';

export const zhOffline: OfflineMessages = {
  offline: {
    update: '新版本已就绪。',
    updateLoses: '重新加载会关闭当前日志；如需保留，请先保存项目。',
    reload: '重新加载',
    later: '稍后',
    ready: '可离线使用：页面及其引擎已保存在此浏览器中。',
    preparing: '正在为离线使用做准备…',
    none: '打开时需要网络：此浏览器不保存页面。',
    limits: {
      insecure: '此地址不安全（非 https，也非本机）：浏览器在此不提供项目保存、WebGPU 与离线使用。',
      packing: '此浏览器无法为页面压缩数据：不能保存或打开项目。',
      files: '此浏览器不为页面保存文件：项目只能另存为您自己的文件。',
      webgpu: '此浏览器在此没有 WebGPU：网络在 CPU 上训练；对小模型来说通常同样快。',
    },
  },
};
