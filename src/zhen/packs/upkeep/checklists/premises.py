"""Premises: fire and production safety, food, live poultry, building sites, sheds, flats let to groups."""

from zhen.kernel.rounds.api import YES, Checklist, FindingRule, Item, ItemKind, Match, Option, Severity, When
from zhen.packs.upkeep.case_types import FINDING
from zhen.packs.upkeep.checklists.common import FRONT, SIGNATURE, check

FIRE_28 = "《消防法》第二十八条"
FIRE_16 = "《消防法》第十六条"
FOOD = "《食品安全法》"

SAFETY = Checklist(
    id="upkeep.safety",
    title="消防和安全生产检查",
    law="《消防法》、《安全生产法》",
    minutes=25,
    items=(
        FRONT,
        check(
            "exits",
            "疏散通道、安全出口是否畅通？",
            "占用、堵塞、封闭疏散通道或安全出口",
            law=FIRE_28,
            severity=Severity.MAJOR,
            days=3,
            points=20,
        ),
        check("extinguishers", "灭火器是否配置到位且在有效期内？", "灭火器缺失或过期", law=FIRE_16, days=7),
        check("lights", "应急照明、疏散指示标志是否完好？", "应急照明或疏散指示损坏", law=FIRE_16, days=7),
        check(
            "hydrants",
            "消火栓有无埋压、圈占、遮挡？（无为“是”）",
            "埋压、圈占、遮挡消火栓",
            law=FIRE_28,
            days=3,
        ),
        Item(
            id="pressure",
            text="最不利点消火栓静水压力",
            kind=ItemKind.READING,
            unit="MPa",
            low=0,
            high=2.5,
            needed=False,
            help="无消火栓可不填",
            findings=(
                FindingRule(
                    on=Match(below=0.07),
                    title="消火栓水压不足",
                    case_type=FINDING.id,
                    severity=Severity.MAJOR,
                    limit=(7, "working_days"),
                    law=FIRE_16,
                ),
            ),
        ),
        check(
            "wiring",
            "电气线路敷设是否规范，有无私拉乱接？（规范为“是”）",
            "私拉乱接电线",
            law="《消防法》第二十七条",
            days=7,
        ),
        Item(
            id="fuel",
            text="使用何种燃料？",
            kind=ItemKind.CHOICE,
            choices=(
                Option(value="none", text="不使用"),
                Option(value="pipe", text="管道燃气"),
                Option(value="bottle", text="瓶装液化气"),
                Option(value="electric", text="全电"),
            ),
        ),
        check(
            "alarm",
            "是否安装可燃气体报警装置并正常使用？",
            "未安装或未使用可燃气体报警装置",
            law="《安全生产法》第三十六条",
            severity=Severity.MAJOR,
            days=5,
            when=When(item="fuel", match=Match(values=("pipe", "bottle"))),
        ),
        check(
            "living",
            "经营、生产、储存场所是否未住人？（未住人为“是”）",
            "“三合一”场所违规住人",
            law="《安全生产法》第四十二条、《消防法》第十九条",
            severity=Severity.CRITICAL,
            days=1,
            points=20,
        ),
        Item(
            id="rooms",
            text="逐间查看",
            kind=ItemKind.LIST,
            needed=False,
            items=(
                Item(
                    id="name",
                    text="用途",
                    kind=ItemKind.CHOICE,
                    choices=(
                        Option(value="hall", text="营业厅"),
                        Option(value="kitchen", text="厨房"),
                        Option(value="store", text="仓库"),
                        Option(value="other", text="其他"),
                    ),
                ),
                check("clear", "物品堆放是否规范？", "违规堆放物品", days=5),
            ),
        ),
        check("training", "员工是否会使用灭火器、会组织疏散？", "员工消防安全培训不到位", law=FIRE_16, days=15),
        SIGNATURE,
    ),
)
FOOD_CHECK = Checklist(
    id="upkeep.food",
    title="食品安全检查",
    law="《食品安全法》",
    minutes=20,
    items=(
        FRONT,
        check(
            "licence",
            "是否公示有效的食品经营许可证？",
            "未取得或未公示食品经营许可证",
            law=f"{FOOD}第三十五条",
            severity=Severity.MAJOR,
            days=5,
            points=20,
        ),
        check("health", "从业人员是否持有效健康证明？", "从业人员无有效健康证明", law=f"{FOOD}第四十五条", days=5),
        check("purchase", "进货查验记录是否齐全？", "进货查验记录不全", law=f"{FOOD}第五十三条", days=7),
        check(
            "expired",
            "库存食品是否均在保质期内？",
            "存放超过保质期的食品",
            law=f"{FOOD}第五十四条",
            severity=Severity.MAJOR,
            days=1,
            points=20,
        ),
        Item(
            id="cold",
            text="冷藏柜温度",
            kind=ItemKind.READING,
            unit="℃",
            low=-40,
            high=60,
            needed=False,
            findings=(
                FindingRule(
                    on=Match(above=8),
                    title="冷藏温度过高",
                    case_type=FINDING.id,
                    limit=(2, "working_days"),
                    law=f"{FOOD}第三十三条",
                ),
            ),
        ),
        check("clean", "加工场所是否清洁，防蝇防鼠设施是否完好？", "加工场所卫生差", law=f"{FOOD}第三十三条", days=5),
        check("waste", "餐厨废弃物是否交由有资质单位收运？", "餐厨废弃物处置不规范", days=7, needed=False),
        SIGNATURE,
    ),
)
POULTRY = Checklist(
    id="upkeep.poultry",
    title="活禽交易检查",
    law="《动物防疫法》、上海市活禽交易管理规定",
    minutes=10,
    items=(
        Item(id="sells", text="是否经营禽类？"),
        check(
            "dead",
            "是否只经营冰鲜禽，无活禽交易和宰杀？",
            "违规交易、宰杀活禽",
            severity=Severity.MAJOR,
            days=1,
            points=20,
            when=When(item="sells", match=Match(values=(YES,))),
        ),
        check(
            "papers",
            "检疫证明是否齐全？",
            "无检疫证明",
            law="《动物防疫法》第五十一条",
            days=2,
            when=When(item="sells", match=Match(values=(YES,))),
        ),
        SIGNATURE,
    ),
)
SITE = Checklist(
    id="upkeep.building_site",
    title="建筑工地检查",
    law="《建设工程安全生产管理条例》",
    minutes=30,
    items=(
        FRONT,
        check("fence", "围挡是否连续、牢固？", "围挡缺失或不牢固", days=5),
        check(
            "dust", "裸土覆盖、喷淋、车辆冲洗是否到位？", "扬尘控制不到位", law="《大气污染防治法》第六十九条", days=3
        ),
        check(
            "height",
            "临边洞口防护、安全带佩戴是否到位？",
            "高处作业防护不到位",
            severity=Severity.CRITICAL,
            days=1,
            points=20,
        ),
        check(
            "hot",
            "动火作业是否审批、有人监护？",
            "违规动火作业",
            law="《消防法》第二十一条",
            severity=Severity.MAJOR,
            days=1,
        ),
        Item(id="noise", text="场界噪声", kind=ItemKind.READING, unit="dB", low=20, high=130, needed=False),
        check("living", "工人宿舍是否无违规用电、用火？", "宿舍违规用电用火", days=3),
        SIGNATURE,
    ),
)
SHEDS = Checklist(
    id="upkeep.sheds",
    title="彩钢板建筑和非机动车库检查",
    law="《消防法》、上海市非机动车安全管理条例",
    minutes=15,
    items=(
        Item(id="whole", text="全景照片", kind=ItemKind.PHOTO),
        check(
            "core", "夹芯材料是否为不燃材料？", "使用易燃、可燃夹芯彩钢板", severity=Severity.MAJOR, days=20, points=20
        ),
        check(
            "living",
            "是否未住人？（未住人为“是”）",
            "彩钢板建筑内违规住人",
            severity=Severity.CRITICAL,
            days=1,
            points=20,
        ),
        check("charging", "电动自行车是否集中规范充电？", "电动自行车违规停放充电", severity=Severity.MAJOR, days=3),
        check("roof", "屋面有无松动、锈蚀？（无为“是”）", "屋面松动，大风可能坠落", days=10),
    ),
)
RENTAL = Checklist(
    id="upkeep.group_rental",
    title="群租检查",
    law="上海市住房租赁条例",
    minutes=15,
    items=(
        Item(id="rooms", text="分隔出租的房间数", kind=ItemKind.NUMBER, unit="间", low=0, high=30),
        check(
            "split",
            "是否未改变房屋原始设计、未分隔搭建出租？",
            "分隔搭建出租",
            severity=Severity.MAJOR,
            days=10,
            points=20,
        ),
        check("kitchen", "厨房、卫生间、阳台、贮藏室是否未住人？", "非居住空间住人", severity=Severity.MAJOR, days=5),
        check("power", "用电线路是否安全，无电动车入户充电？", "用电不安全", severity=Severity.MAJOR, days=3),
    ),
)
CHECKLISTS = (SAFETY, FOOD_CHECK, POULTRY, SITE, SHEDS, RENTAL)
