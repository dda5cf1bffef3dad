/** 关于封闭的文字。见 en.seal.ts。 */
import type { enSeal } from './en.seal';

export const zhSeal: typeof enSeal = {
  open: '尚未封闭',
  closed: '已封闭',
  openShort: '接收文件之前会先封闭自己',
  title: '本页面与您的数据',
  openText:
    '页面目前没有任何文件。接收第一个文件之前，它会先封闭自己：加入一条内容安全策略，禁止本标签页的一切连接，连自己的主机也不例外。',
  closedText:
    '本标签页已不能发送或加载任何东西，对自己的主机也不行。直到您关闭或重新加载为止；页面中的任何代码都无法解除。',
  means: '涵盖什么',
  covers:
    '各种请求（fetch、XHR、信标、WebSocket、服务器事件）、图片、脚本、样式、字体、框架、表单、预取、导入的代码和 Worker；页面和引擎的 Worker 都在内。这类策略管不到的 WebRTC 则直接移除。',
  limits: '不涵盖什么',
  notCovered:
    '您自己的操作：点击链接，或转交您保存的文件。凌驾于任何页面之上的浏览器扩展。以及封闭之前主机交付的内容：若不信任主机，请使用您自己的副本。',
  check: '亲自验证',
  checkText:
    '此按钮会先封闭页面（若尚未封闭），再用不含任何数据的地址，以各种方式尝试连接页面自己的主机。您也可以在浏览器开发者工具的“网络”标签中观察。',
  tryIt: '尝试泄露',
  trying: '正在尝试…',
  from: { page: '页面', worker: '引擎' },
  outcomes: { blocked: '已阻止', passed: '已发出', failed: '未成功' },
  allBlocked: (count) => `全部${count}次尝试都被阻止。`,
  somePassed: (count) => `有${count}次尝试发了出去：请勿用本页面处理不能外传的数据。`,
  ways: {
    fetch: '请求（fetch）',
    xhr: '请求（XMLHttpRequest）',
    beacon: '信标',
    websocket: 'WebSocket 连接',
    eventsource: '服务器事件',
    webrtc: 'WebRTC 连接',
    image: '图片',
    media: '视频',
    script: '脚本',
    style: '样式表',
    font: '字体',
    iframe: '框架',
    object: '嵌入对象',
    form: '表单',
    prefetch: '预取',
    import: '导入的模块',
    importscripts: '导入的脚本',
    worker: 'Worker 线程',
  },
  way: '途径',
  whence: '来自',
  outcome: '结果',
};
