"""Which numbers of a plan are targets, and how each is read. The sentences are our own."""

from __future__ import annotations

import pytest

from zhen.kernel.plan.grammar import Target, parse

FORWARD = "白鹭镇2026年工作计划\n一、重点工作\n"


def targets_of(sentence: str) -> tuple[Target, ...]:
    return parse(FORWARD + sentence).targets


def read(sentence: str) -> list[tuple[str, object, str]]:
    return [(t.comparator, t.value, t.unit) for t in targets_of(sentence)]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("固定资产投资增长8%左右。", [("≈", 8.0, "%")]),
        ("医保参保率基本达到98%。", [("≈", 98.0, "%")]),
        ("粮食总产稳定在12亿斤以上。", [(">=", 12.0, "亿斤")]),
        ("开展文艺演出不少于60场次。", [(">=", 60.0, "场次")]),
        ("热线办结率不低于99%。", [(">=", 99.0, "%")]),
        ("登记失业率控制在4%以内。", [("<=", 4.0, "%")]),
        ("用水总量控制在1.2亿立方米。", [("<=", 1.2, "亿立方米")]),
        ("企业开办时间压缩至1个工作日以内。", [("<=", 1.0, "个工作日")]),
        ("旅游收入突破15亿元。", [(">", 15.0, "亿元")]),
        ("培训农技人员超2000人次。", [(">", 2000.0, "人次")]),
        ("慰问老党员300余名。", [(">", 300.0, "名")]),
        ("一般性支出再压减10%。", [("relative", 10.0, "%")]),
        ("单位产值能耗比上年下降3%。", [("relative", 3.0, "%")]),
        ("收入增速高于全市平均水平0.5个百分点。", [("relative", 0.5, "个百分点")]),
        ("农产品网络销售额实现翻番。", [("multiple", 2.0, "倍")]),
        ("村集体收入翻两番。", [("multiple", 4.0, "倍")]),
        ("预算收入增长4.5%—5%。", [("range", (4.5, 5.0), "%")]),
        ("培育2~3个特色品牌。", [("range", (2.0, 3.0), "个")]),
        ("引进农业龙头企业3至5家。", [("range", (3.0, 5.0), "家")]),
        ("群众满意率达到百分之九十五以上。", [(">=", 95.0, "%")]),
        ("城乡居民收入比缩小至1.8：1。", [("=", 1.8, "")]),
        ("重大事故隐患动态清零。", [("=", 0.0, "")]),
    ],
)
def test_the_comparator_follows_from_the_words_around_the_number(sentence: str, expected: object) -> None:
    assert read(sentence) == expected


@pytest.mark.parametrize(
    ("sentence", "value", "unit"),
    [
        ("新建口袋公园7个。", 7.0, "个"),
        ("改造7个小区。", 7.0, "个"),
        ("流转土地8万亩。", 8.0, "万亩"),
        ("建设厂房20万平方米。", 20.0, "万平方米"),
        ("培训万名青年。", 1.0, "万名"),
        ("选派百名干部驻村。", 100.0, "名"),
        ("完成植树十二万株。", 12.0, "万株"),
        ("修缮房屋1,200间。", 1200.0, "间"),
        ("新增床位２００张。", 200.0, "张"),
        ("翻新公寓80套（间）。", 80.0, "套（间）"),
        ("亩均税收达到20万元/亩。", 20.0, "万元/亩"),
        ("带动2万群众增收。", 2.0, "万"),
        ("新建三所幼儿园。", 3.0, "所"),
    ],
)
def test_the_value_keeps_the_unit_as_written(sentence: str, value: float, unit: str) -> None:
    assert [(t.value, t.unit) for t in targets_of(sentence)] == [(value, unit)]


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("新建公厕12座。", "count"),
        ("铺设管网30公里。", "amount"),
        ("招引资金3亿元。", "amount"),
        ("工业产值增长9%。", "growth_rate"),
        ("审批时限压缩60%以上。", "growth_rate"),
        ("自来水普及率提高到98%。", "ratio"),
        ("颗粒物浓度控制在29微克/立方米左右。", "ratio"),
        ("每千人拥有床位7张。", "ratio"),
        ("城镇化率提高1.2个百分点。", "pp_change"),
        ("不良贷款率控制在1%以下。", "ceiling"),
        ("综合实力进入全省前10位。", "other"),
    ],
)
def test_the_kind_says_what_sort_of_figure_is_set(sentence: str, kind: str) -> None:
    assert [t.kind for t in targets_of(sentence)] == [kind]


@pytest.mark.parametrize(
    "sentence",
    [
        # names, codes, versions
        "深化“四百”走访。",
        "落实《支持小微企业的十二条措施》。",
        "推进“3+6”产业布局。",
        "加快8号线站点周边更新。",
        "普及5G应用。",
        "引进世界500强。",
        "升级平台2.0版。",
        "用好12345热线。",
        "开工10千伏线路改造。",
        # ordinals and dates
        "做好第七次人口普查。",
        "迎接建镇30周年。",
        "着眼2027年换届。",
        # qualifiers of size, age, duration
        "服务亿元以上项目。",
        "关爱70周岁以上老人。",
        "推行24小时开放。",
        "打造15分钟生活圈。",
        "开展三年行动。",
        "实现20户以上自然村光纤全覆盖。",
        "培育千亿级产业。",
        # fixed sets and the plan's own parts
        "打好三大攻坚战。",
        "抓好六个一批。",
        "抓好垃圾分类和物业管理两个关键小事。",
        "重点做好以下10个方面工作：",
        "细化29项主要指标。",
        "办好十件民生实事。",
        "培育一批企业。",
        "走出一条新路。",
        # sums in rules of payment
        "落实每户每年960元奖励扶助。",
        "给予最高100万元奖励。",
        # names of projects
        "推动年产10万台电机、20亿元电池材料等项目建设。",
        # results
        "已建成食堂12家。",
        "去年开工的12个项目投产。",
    ],
)
def test_numbers_that_promise_nothing_are_left_out(sentence: str) -> None:
    assert read(sentence) == []


def test_only_the_number_to_be_reached_counts_in_a_move_from_one_to_another() -> None:
    assert read("低保标准从每人每月790元提高到820元。") == [("=", 820.0, "元")]


def test_a_qualifier_does_not_hide_the_number_of_things() -> None:
    assert read("实施总投资3亿元的12个项目。") == [("=", 12.0, "个")]
    assert read("新签约亿元以上项目100个以上。") == [(">=", 100.0, "个")]
    assert read("新建200千瓦光伏电站3座。") == [("=", 3.0, "座")]


def test_coordinate_parts_are_cut_where_each_has_its_own_number() -> None:
    first, second = targets_of("提升改造21公里农村公路和12万平方米村内道路。")
    assert (first.text, second.text) == ("提升改造21公里农村公路", "12万平方米村内道路")
    assert (first.verb, second.verb) == ("提升改造", "提升改造")
    assert (first.object, second.object) == ("农村公路", "村内道路")


def test_an_enumeration_with_one_total_is_one_target() -> None:
    (target,) = targets_of("启动东门、西门和南门等3个片区更新。")
    assert target.text == "启动东门、西门和南门等3个片区更新"


def test_numbers_after_respectively_share_the_closing_comparator_and_pair_with_their_objects() -> None:
    pair = targets_of("水果、蔬菜产量分别达2050吨、4200吨以上。")
    assert [(t.comparator, t.object) for t in pair] == [(">=", "水果产量"), (">=", "蔬菜产量")]
    assert read("播种面积32万亩、产量12万吨以上。") == [("=", 32.0, "万亩"), (">=", 12.0, "万吨")]


def test_three_hundreds_are_one_target_of_one_hundred_per_cent() -> None:
    assert read("力争完成老街项目“3个100%”工作。") == [("=", 100.0, "%")]


def test_the_review_part_and_the_glossary_promise_nothing() -> None:
    plan = parse(
        "政府工作报告\n——2026年1月8日在青湖县人民代表大会上\n"
        "一、2025年工作回顾\n新增就业5200人。\n（一）推动重点工程建设。完成投资35亿元。\n"
        "二、2026年工作安排\n（一）加快释放改革成效。新增就业5500人。\n"
        "名词解释\n1.“四上”企业：年主营业务收入2000万元以上。\n"
    )
    assert [t.value for t in plan.targets] == [5500.0]


def test_a_review_may_speak_of_this_year_and_of_goals_it_has_met() -> None:
    plan = parse(
        "青湖镇2025年工作总结和2026年工作计划\n一、2025年工作总结\n今年全镇上下一心，完成了预期目标。引进企业12家。\n"
        "新建公厕3座。\n二、2026年工作计划\n引进企业15家。\n"
    )
    assert plan.year == 2026
    assert [t.value for t in plan.targets] == [15.0]


def test_the_deadline_is_the_plans_year_unless_another_is_named() -> None:
    def due(sentence: str) -> list[str]:
        return [str(t.deadline) for t in targets_of(sentence)]

    assert due("新建公厕12座。") == ["2026"]
    assert due("6月底前新建公厕12座。") == ["2026-06"]
    assert due("2027年9月前建成食堂3家。") == ["2027-09"]
    assert due("到2030年，产值达到80亿元，绿地率达到40%。") == ["2030", "2030"]
    assert due("“十五五”期末绿地率达到40%。") == ["2030"]
    assert due("能耗较2020年下降15%。") == ["2026"]


def test_the_year_of_a_report_delivered_in_december_is_the_next() -> None:
    assert parse("政府工作报告\n——2025年12月18日在青湖县人民代表大会上\n").year == 2026


def test_goals_without_a_number_are_kept_apart() -> None:
    plan = parse(FORWARD + "居民收入增长与经济增长同步，投资增速高于全市平均水平，实现楼宇全覆盖。")
    assert [q.kind for q in plan.qualitative] == ["synchronised", "relative", "coverage"]
    assert plan.targets == ()
