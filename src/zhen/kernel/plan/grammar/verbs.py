"""The verbs of plans: what a government says it will do. Longest first, so that 新（改）建 wins over 新."""

from __future__ import annotations

import re

# What a town does to things, to rules and to people. Grouped by the sort of work, not by alphabet.
BUILD = """
    新建 改建 扩建 改扩建 新改建 新（改）建 新建改扩建 建成 建设 建好 建立 建强 构建 搭建 筹建 共建
    打造 打通 铺设 架设 开工 竣工 开工建设 投用 投产 投运 改造 改造提升 提升改造 更新改造 更新 翻新
    修缮 维修 加装 安装 增设 新设 设立 设置 布设 布局 拆除 整治 治理 修复 保护 绿化 美化 亮化 硬化 疏浚
    清理 清退 腾退 收储 征收 搬迁 安置 盘活 升级 扩容 完工 建成投用 建成投运 投入使用 配建 配套 装修
    植树 造林 疏解 疏通 贯通 消除
"""
GROW = """
    发展 培育 壮大 引进 招引 引育 招商 集聚 做大 做强 做优 做大做强 做优做强 做精 做实 做好 做细 扶持
    支持 帮助 帮扶 鼓励 引导 推动 推进 推广 促进 带动 助推 助力 加快 加速 加强 加大 强化 深化 优化 细化
    提升 提高 提增 扩大 拓展 拓宽 延伸 增强 增加 新增 增进 增长 巩固 稳定 稳住 保持 确保 保障 稳固 激发
    释放 挖掘 发挥 发掘 放大 融入 接轨 对接 承接 聚焦 抢抓 抓住 抓好 抓牢 抓实 抓紧 狠抓 培养 培训 选派
    选拔 招录 招募 招聘 吸纳 动员 推介 孵化 转化 攻克 突破 攻关 新升规 净增 认定 争取 争创 创建 创成
    创新 创设 申报 申建 申创 评选 签约 落地 入库 出栏 种植 播种 养殖 收购 销售 出口 使用 投入 投资 筹集
    募集
"""
SERVE = """
    开展 举办 承办 主办 办好 办理 组织 实施 实行 施行 落实 贯彻 贯彻落实 执行 兑现 发放 救助 资助 补助
    服务 提供 供应 覆盖 惠及 慰问 走访 关爱 关心 照护 保护 维护 维修 满足 解决 化解 调解 处置 处理 回应
    受理 办结 畅通 便利 方便 丰富 繁荣 传承 弘扬 宣传 普及 教育 倡导 营造 形成 培树 选树 树立 践行 完善
    健全 规范 制定 出台 修订 编制 印发 起草 推行 探索 试行 启动 试点 开通 开设 开放 推出 发布 公开 上线
    运行 运营 启用 配备 配置 购置 投放 采购 召开 参加 参与 协同 协助 配合 联动 统筹 整合 协调 衔接 调整
    安排 部署 谋划 规划 储备 策划 布置 总结 评估 考核 督查 督促 督办 检查 排查 巡查 抽查 监测 监管 监督
    审计 审查 监控 防范 防控 防治 防止 预防 防御 化险 遏制 打击 惩治 查处 取缔 整改 整顿 压降 压减 压实
    压缩 减少 降低 控制 严控 严管 严格 严惩 杜绝 严查 牢守 守牢 守好 守护 坚守 筑牢 织密 兜牢 夯实 压紧
    落细 明确 掌握 掌控 摸清 查清 查明 核查 梳理 建档 接受 自觉接受 坚持 坚决 遵守 厉行 管好 管住 用好
    用足 讲好 擦亮 激活 唤醒 升格 牵头 联合 深入 跟踪 服务好 营销 挂牌 改革 转变 转型 转移 实现 达到
    完成 力争 争当 当好 走好 办实 攻坚 打好 打赢 打响 普查 登记 清查 清零 清剿 拆改 统一 归集 共享 互认
    延续 续建 复工 复垦 退出 关停 淘汰 减免 降本 纾解 消减 消除 缓解 救治 诊治 筛查 接种 接待 接续 保供
    收官 迎接 迎检 申遗 修编 出版 展示 展演 演出 创作 下沉 落户 开发 开采 勘探 研发 研究 研制 攻坚突破
    迭代 赋能 集成 联通 并网 提质 扩面 增效
"""
STATE = """
    达到 达 增长 下降 提高 提升 降低 上升 增加 减少 压减 压降 稳定 保持 控制 突破 超过 占 实现 扩大
    缩小 缩短 压缩 完成 覆盖 惠及
"""
PAIRED = """
    组织开展 制定实施 制定出台 编制实施 组织实施 启动实施 启动建设 推动建设 组织举办 严格执行 修订完善
    建立完善 建立健全 布局建设 布局实施 规划建设 开工建设 谋划实施 策划实施 跟踪服务 跟踪服务好
    疏解提质 改造完工 招录培养 培养招录 开发储备 落地建设 续建 新改扩建 新建扩建 新建改造 建设改造
    建设完善 建设运营 新建设 新培育 新开工改造 新开工 新创建 新增开放 新引进 新建更新 攻坚突破 治理修复
    巩固提升 巩固拓展 拓展深化 谋划推进 储备推进 推广应用 发现培育 成立 重视 督导 讲好 遏制 争取
    转移转化 加装（更新） 建好用好 管好用好
"""
"""Verbs that plans weld together; other neighbours of verbs are objects: 加强培训, 发布防控信息."""

_GENERIC_WORDS = """
    争取 优化 使用 促进 保持 保障 做好 健全 加大 加强 加快 加速 助力 助推 协助 参与 发挥 坚持 增加 增强
    完善 完成 实施 实现 实行 带动 帮助 开展 开通 引导 强化 形成 扩大 抓好 接受 推动 推进 提供 提升 提高
    支持 深化 确保 组织 统筹 聚焦 落实 规范 迎接 鼓励
"""
GENERIC = set(_GENERIC_WORDS.split())
"""Verbs whose object is often a verbal noun, so that no second verb is welded to them: 推进改造, 加强招商."""

_WELD = set(f"{BUILD} {GROW}".split()) - {
    "出口",
    "投入",
    "投资",
    "使用",
    "创新",
    "种植",
    "养殖",
    "绿化",
    "保护",
    "改造提升",
} | {"改造提升"}
_ALL = sorted({verb for group in (BUILD, GROW, SERVE, PAIRED) for verb in group.split()}, key=len, reverse=True)
_STATE = sorted(set(STATE.split()), key=len, reverse=True)


def _words(words: set[str] | list[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


_V = _words(_ALL)

LEADING = re.compile(
    r"(?:[①-⑳]|[一二三四五六七八九十]是(?:要)?)?"
    r"(?:同时|另外|此外|其中|特别是|尤其是|并且|并|还要|还|要|将|须|必须|应当|应|我们|我镇|全[省市县区镇]|各地|继续|持续|不断|进一步|更好|更大力度|更加|切实|着力|全力|大力|"
    r"积极|稳步|扎实|深入|有序|逐步|加力|加紧|全面|统筹|协同|重点|主动|认真|及时|有效|坚决|严厉|坚定不移|毫不放松|精心|科学|充分|高质量|高标准|高水平|高效|高位|"
    r"因地制宜|因城施策|因企施策|分类|分批|分级|分期|常态化|规范|努力|尽快|抓紧|提前|如期|按期|按时|全年|年内|年底前|上半年|下半年|今年|本年度|力争|确保|"
    r"争取|计划|拟|预计|率先|再|至少|共|累计|多渠道|多措并举|千方百计|用心用情|从严|依法|稳妥|适时|探索|前瞻|系统|整体|集中|滚动|迭代|梯次|差异化|"
    r"准确|完整|忠实|自觉|广泛|合理|精准|压茬|接续|延续|提速|加速|试点|优先|适度|安全|长效|牢牢|严密|全覆盖|全方位|全链条|全过程|健康|优质|协调|"
    r"善于|敢于|勇于|初步|基本|多层次|特色|强力|奋力|倾力|联合|多方|多点|带头|以点带面|更好的|更快|先行|多样性、多广度|多广度|组织|政府|让|使|把|将|对|、|和|\s)*"
)
_JOINT = r"(?:和|、|并|或|与|及|以及)(?:重点|着力|加密|配套|改造|逐步|积极|大力)?"
_CHAIN = re.compile(
    rf"新?(?:{_words(set(PAIRED.split()))}|(?:{_words(_WELD - GENERIC)})(?:{_words(_WELD - GENERIC)})|{_V})"
    rf"(?:{_JOINT}(?:{_V}))*(?:好|成|完成|建成|完工|到位|给)?"
)
_HASTE = re.compile(rf"(?:加快|加速|抓紧|力争|确保|探索|坚决|争取|坚持|深入|同步|协同|统筹)(?={_V})")
_INNER = re.compile(
    r"(?P<verb>"
    + "|".join(map(re.escape, _STATE))
    + r")(?:了|到|至|在|为)?(?:不低于|不少于|不超过|超过|超|至少|约|近)?(?:每[^，]{0,4})?$"
)
_ANY = re.compile(_CHAIN.pattern)


def leading_verb(clause: str) -> tuple[int, int] | None:
    """Where the verb that opens a clause stands, after adverbs. None where the clause opens with a noun.

    >>> clause = "持续新建和改造提升农村公路"
    >>> begin, end = leading_verb(clause) or (0, 0)
    >>> clause[begin:end]
    '新建和改造提升'
    """
    opening = LEADING.match(clause)
    begin = opening.end() if opening else 0
    found = _CHAIN.match(clause, begin)
    while found is not None and (haste := _HASTE.match(clause, begin)) is not None:
        further = _CHAIN.match(clause, haste.end())
        if further is None or further.end() + 2 > len(clause):
            break  # 加快改造 alone: the second word is what is hastened
        begin, found = haste.end(), further
    # An adverb may itself be the verb (确保…, 统筹…, 组织…): step back word by word until one fits.
    if found is None:
        for at in range(begin - 1, -1, -1):
            found = _CHAIN.match(clause, at)
            if found is not None and found.end() >= begin:
                break
            found = None
    if found is None or _NOUN_TAIL.match(clause, found.end()):
        return None
    return found.span()


_NOUN_TAIL = re.compile(r"(?:率|量|数|额|值|业|者|员|费|性|规模|总额|面积|总值|强度)")
"""投产率, 服务业, 招生规模: what begins like a verb is a noun."""


def state_verb(before: str) -> str:
    """The verb right before a number: 增长5%, 达90%, 稳定在100万亩."""
    found = _INNER.search(before)
    return found["verb"] if found else ""


def last_verb(text: str) -> tuple[int, int] | None:
    """The last verb of a stretch of text: after an adjunct the governing verb comes late."""
    spans = [m.span() for m in _ANY.finditer(text)]
    return spans[-1] if spans else None


def first_verb(text: str) -> tuple[int, int] | None:
    found = _ANY.search(text)
    return found.span() if found else None
