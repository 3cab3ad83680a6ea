"""The town itself: rivers, waste sorting, structures, and the reviews of a hygienic and healthy town."""

from zhen.kernel.rounds.api import Checklist, Item, ItemKind, Severity
from zhen.packs.upkeep.checklists.common import check

RIVER = Checklist(
    id="upkeep.river",
    title="河长巡河",
    law="《水污染防治法》第五条、上海市河道管理条例",
    minutes=30,
    items=(
        Item(id="water", text="水面照片", kind=ItemKind.PHOTO),
        check("floating", "水面有无漂浮物？（无为“是”）", "水面有漂浮物", days=2),
        check("colour", "水体有无异色异味？（无为“是”）", "水体异色异味", severity=Severity.MAJOR, days=3, points=20),
        check("outlets", "有无晴天排污？（无为“是”）", "排口晴天排污", severity=Severity.MAJOR, days=5, points=20),
        check("banks", "岸坡有无垃圾、乱堆、违建？（无为“是”）", "岸坡乱堆乱搭", days=5),
        check("sign", "河长公示牌是否完好、信息正确？", "河长公示牌损坏或有误", days=10),
        Item(id="level", text="水位标尺读数", kind=ItemKind.READING, unit="m", low=0, high=10, needed=False),
    ),
)
WASTE = Checklist(
    id="upkeep.waste",
    title="生活垃圾分类投放点检查",
    law="上海市生活垃圾管理条例",
    minutes=10,
    items=(
        check("bins", "四分类容器是否齐全、标识清晰？", "分类容器或标识不全", days=3),
        check("pure", "桶内分类是否准确？", "混投混放", days=2, points=20),
        check("around", "点位周边有无小包垃圾、污水？（无为“是”）", "点位周边脏乱", days=1),
        check("wash", "洗手、破袋设施是否可用？", "便民设施损坏", days=5),
        Item(id="share", text="抽查纯净度", kind=ItemKind.NUMBER, unit="%", low=0, high=100, needed=False),
    ),
)
STRUCTURE = Checklist(
    id="upkeep.structure_check",
    title="违法建筑巡查",
    law="《城乡规划法》",
    minutes=10,
    items=(
        Item(id="now", text="现状照片", kind=ItemKind.PHOTO),
        Item(id="stands", text="是否仍在？"),
        check("grown", "面积、高度是否未扩大？", "在建或扩建", severity=Severity.MAJOR, days=1),
        check("safe", "有无坍塌、坠落危险？（无为“是”）", "存在坍塌坠落危险", severity=Severity.CRITICAL, days=1),
    ),
)
HYGIENE = Checklist(
    id="upkeep.hygiene",
    title="卫生区复审自查",
    law="《国家卫生城镇标准》（2021版）",
    minutes=30,
    items=(
        check("streets", "道路是否整洁，无乱设摊、乱张贴？", "道路市容不洁", days=3),
        check("market", "集贸市场是否划行归市、无占道经营？", "市场管理不规范", days=5),
        check("toilets", "公共厕所是否洁净、设施完好？", "公厕不洁或设施损坏", days=3),
        check("pests", "病媒生物防制设施是否完好？", "病媒防制设施缺失", days=7),
        check(
            "smoke",
            "室内公共场所是否无烟、有禁烟标识？",
            "室内吸烟或缺禁烟标识",
            law="上海市公共场所控制吸烟条例",
            days=3,
        ),
        check("health", "健康教育宣传栏是否更新？", "健康教育宣传不到位", days=10, points=5),
    ),
)
HEALTHY = Checklist(
    id="upkeep.healthy_town",
    title="健康镇评估自查",
    law="《全国健康城市评价指标体系》（2018版）、健康镇建设标准",
    minutes=30,
    items=(
        check("paths", "健身步道、健身点是否完好、可用？", "健身设施损坏", days=10),
        check("signs", "健康知识宣传、健康小屋是否开放、有记录？", "健康小屋未开放或无记录", days=10),
        check("smoke", "公共场所是否无烟、劝阻有人？", "控烟不到位", law="上海市公共场所控制吸烟条例", days=3),
        check("kitchen", "社区食堂、集体食堂是否公示营养信息？", "营养信息未公示", days=15, points=5),
        check("groups", "自我管理小组是否按季活动、有签到？", "自我管理小组未按季活动", days=20),
        check("clinic", "家庭医生服务点是否公示时间、按时开诊？", "家庭医生服务不按公示", days=7),
        Item(id="steps", text="步道抽查长度", kind=ItemKind.NUMBER, unit="m", low=0, high=20000, needed=False),
    ),
)
CHECKLISTS = (RIVER, WASTE, STRUCTURE, HYGIENE, HEALTHY)
