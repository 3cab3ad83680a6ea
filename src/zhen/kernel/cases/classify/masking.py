"""Taking personal data out of what a model learns from (PIPL, article 6: only what the purpose needs).

A model keeps hashes and masks all numbers anyway; this takes out names and what leads to a home, so that no
weight stands for a person.
"""

from __future__ import annotations

import re
import unicodedata

_SURNAMES = (
    "欧阳|上官|司马|诸葛|司徒|东方|皇甫|尉迟|"
    "[王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔"
    "钟谭陆汪范金石廖贾夏韦傅方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤]"
)
_TITLES = "先生|女士|小姐|太太|阿姨|大爷|大妈|大伯|大叔|师傅|同志|老师|医生|书记|主任|经理|局长|所长|站长|队长|某某|某"

_MASKS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+"), "邮箱"),
    (re.compile(r"(?<!\d)\d{6}(?:18|19|20)\d{9}[\dXx](?![\dXx])"), "证号"),
    (re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)"), "电话"),
    (re.compile(r"(?<!\d)0\d{2,3}[- ]?\d{7,8}(?!\d)|(?<!\d)[2-8]\d{7}(?!\d)"), "电话"),
    (re.compile(r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][·.]?[A-Z0-9]{5,6}"), "车牌"),
    (
        re.compile(r"(?:姓名|联系人|本人姓名|我叫|我是|名叫|叫做)[:： ]?(?:" + _SURNAMES + r")[一-龥]{1,2}(?![一-龥])"),
        "姓名",
    ),
    (re.compile(r"(?:姓名|联系人|我叫|名叫)[:： ]?[一-龥]{2,3}"), "姓名"),
    (re.compile(r"(?:免贵)?姓(?:" + _SURNAMES + r")"), "姓名"),
    (re.compile(r"(?:" + _SURNAMES + r")[一-龥]{0,2}?(?=" + _TITLES + r")"), "某"),
    (re.compile(r"[\dA-Za-z一二三四五六七八九十百-]{1,8}(?=弄|号楼|栋|幢|单元|室|号(?!线))"), "0"),
)


def masked(text: str) -> str:
    """The text without telephone and identity numbers, names, addresses of homes, number plates, e-mail addresses.

    Raw text, before folding. Never for showing: it takes out too much rather than too little.
    """
    clean = unicodedata.normalize("NFKC", text)
    for pattern, instead in _MASKS:
        clean = pattern.sub(instead, clean)
    return clean
