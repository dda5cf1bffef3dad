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
  },
};
