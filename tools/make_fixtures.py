#!/usr/bin/env python3
"""Make tests/fixtures/formats: one report in every format, and files that are
not as they should be.

Usage (Python 3.11), with any Chinese TrueType font:

    pip install python-docx reportlab openpyxl xlwt pikepdf msoffcrypto-tool
    python3 tools/make_fixtures.py --font gbsn00lp.ttf

The report is made up.  `report.txt` is written first, and every other file
states the same, so that the tests can ask for the same rows of all of them.
The pages in `pages/` hold it as sites of public bodies do, among navigation,
lists of links, counters and remarks whose figures must not come out as rows.
"""

import argparse
import io
import zipfile
from html import escape
from pathlib import Path

import docx
import openpyxl
import pikepdf
import xlwt
from msoffcrypto.format.ooxml import OOXMLFile
from openpyxl.styles import Alignment
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table

OUT = Path(__file__).parent.parent / "tests" / "fixtures" / "formats"

TITLE = "2022年1—7月衢州市经济运行简况"
PUBLISHED = "2022-08-19"
PUBLISHER = "衢州市统计局"

# A paragraph a line; None is where the table stands.
REPORT = [
    "今年以来，全市上下扎实推进稳经济各项工作，主要指标延续回升态势，发展的韧性和后劲继续增强。",
    "一、工业生产稳步加快",
    "1—7月，全市规模以上工业增加值282.7亿元，同比增长6.6%，增速比上半年提高0.4个百分点，居全省第4位。"
    "其中，高新技术产业增加值增长9.5%，占规上工业比重为68.3%。全社会用电量123.4亿千瓦时，增长5.1%。",
    "二、内需持续恢复",
    "1—7月，全市固定资产投资增长12.6%，其中民间投资增长8.9%。社会消费品零售总额466.3亿元，增长3.8%。"
    "进出口总额301.5亿元，增长17.2%，其中出口221.8亿元，增长19.4%。",
    "三、财政金融运行平稳",
    "1—7月，全市一般公共预算收入112.4亿元，扣除留抵退税因素后增长4.7%。7月末，金融机构本外币存款余额4012.6亿元，"
    "同比增长15.3%；贷款余额3987.1亿元，增长18.8%。",
    "附表：2022年1—7月全市主要经济指标",
    None,
    "注：增速按可比口径计算。",
]

HEAD = [["指标", "单位", "1—7月"], ["累计", "同比增长（%）"]]
ROWS = [
    ["规模以上工业增加值", "亿元", "282.7", "6.6"],
    ["规模以上工业销售产值", "亿元", "1345.2", "11.3"],
    ["社会消费品零售总额", "亿元", "466.3", "3.8"],
    ["一般公共预算收入", "亿元", "112.4", "-5.2"],
    ["全社会用电量", "亿千瓦时", "123.4", "5.1"],
]


def table_html(attributes=""):
    """The table with what its cells span."""
    rows = [
        "<tr><td rowspan=2>指标</td><td rowspan=2>单位</td><td colspan=2>1—7月</td></tr>",
        "<tr><td>累计</td><td>同比增长（%）</td></tr>",
    ]
    rows += ["<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in ROWS]
    return f"<table{attributes}>\n" + "\n".join(rows) + "\n</table>"


def text():
    """The report as a plain text."""
    return "\n".join([TITLE] + [line or table_html() for line in REPORT]) + "\n"


def paragraphs(start="<p>", end="</p>", indent="　　"):
    """The report as paragraphs of a page."""
    return "\n".join(
        table_html(' border="1" cellspacing="0"') if line is None else f"{start}{indent}{escape(line)}{end}" for line in REPORT
    )


# Pages. -----------------------------------------------------------------------

RELATED = [
    "2021年全市地区生产总值增长8.7%",
    "上半年规上工业增加值240.1亿元",
    "前三季度居民人均可支配收入增长9.9%",
    "6月份居民消费价格上涨2.3%",
    "全市新增市场主体1.8万户",
]
LINKS = "".join(f'<li><a href="t{n}.html" title="{t}">{t}</a><span>2022-07-{n + 10}</span></li>' for n, t in enumerate(RELATED))
MENU = "".join(f'<li><a href="/{n}/">{t}</a></li>' for n, t in enumerate(["首页", "政务公开", "统计数据", "政策解读", "互动交流", "12345热线"]))
FOOT = (
    "<p>主办单位：某市统计局　承办单位：某市统计局信息中心</p><p>地址：某路228号　邮编：324000　电话：0570-3080000</p>"
    '<p>浙ICP备05012345号-1　<a href="#">浙公网安备 33080202000123号</a>　网站标识码：3308000012</p>'
)


def pages():
    """The report as the sites of six public bodies would show it, and their encodings."""
    yield "trs.html", "utf-8", f"""<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>{TITLE}_统计数据_某市统计局</title>
<meta name="ArticleTitle" content="{TITLE}"><meta name="PubDate" content="{PUBLISHED} 10:21">
<meta name="ContentSource" content="{PUBLISHER}"><meta name="SiteName" content="某市统计局">
<style>.a{{width:12.5%}}</style><script>var n=2022;document.write("访问 5 次")</script></head>
<body><div class="header"><ul class="nav">{MENU}</ul></div>
<div class="position">当前位置：<a href="/">首页</a> &gt; <a href="/a/">统计数据</a> &gt; <a href="/b/">月度数据</a></div>
<div class="main"><h1>{TITLE}</h1>
<div class="info"><span>发布日期：{PUBLISHED} 10:21</span><span>信息来源：{PUBLISHER}</span><span>浏览次数：<i id="hits">1234</i></span>
<span>字号：[<a>大</a> <a>中</a> <a>小</a>]</span></div>
<div class="TRS_Editor">{paragraphs()}</div>
<div class="prevnext"><p>上一篇：<a href="1.html">2022年上半年全市GDP增长5.6%</a></p><p>下一篇：<a href="2.html">7月份全市CPI上涨2.6%</a></p></div>
<div class="bdsharebuttonbox"><a>分享到微信</a><a>微博</a></div></div>
<div class="sidebar"><h3>热点新闻</h3><ul>{LINKS}</ul></div>
<div class="footer">{FOOT}</div></body></html>"""

    yield "zoom.html", "gb18030", f"""<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN">
<HTML><HEAD><META http-equiv="Content-Type" content="text/html; charset=gb2312"><TITLE>某市人民政府 - {TITLE}</TITLE></HEAD>
<BODY><table width="980" align="center"><tr><td><a href="/">首页</a>&nbsp;|&nbsp;<a href="/x">市情</a>&nbsp;|&nbsp;<a href="/y">数据</a></td></tr></table>
<table width="980" align="center"><tr><td width="200" valign="top"><table><tr><td><b>相关链接</b></td></tr>
{"".join(f'<tr><td>·<a href="#">{t}</a></td></tr>' for t in RELATED)}</table></td>
<td valign="top"><table width="100%"><tr><td align="center"><font size="5"><b>{TITLE}</b></font></td></tr>
<tr><td align="center">时间：2022年8月19日&nbsp;&nbsp;来源：{PUBLISHER}&nbsp;&nbsp;点击数：8,765&nbsp;&nbsp;【<a href="#">打印</a>】【<a href="#">关闭</a>】</td></tr>
<tr><td><div id="zoom">{paragraphs('<P style="TEXT-INDENT: 2em">', '</P>', '')}</div></td></tr></table></td></tr></table>
<table width="980" align="center"><tr><td align="center">版权所有：某市人民政府 浙ICP备05067890号 您是第 3456789 位访问者</td></tr></table></BODY></HTML>"""

    yield "ucap.html", "utf-8", f"""<html lang="zh"><head><meta charset="UTF-8"><title>{TITLE}</title>
<meta property="og:title" content="{TITLE}"><meta property="article:published_time" content="{PUBLISHED}T09:00:00+08:00"></head>
<body><nav><ul>{MENU}</ul></nav><div class="crumbs"><a>首页</a>/<a>公开</a>/<a>正文</a></div>
<article><div class="pages-title">{TITLE}</div><div class="pages-date">{PUBLISHED} 来源：{PUBLISHER}
<div class="font">【字体：<b>大</b> <b>中</b> <b>小</b>】<a>打印</a></div></div>
<div id="UCAP-CONTENT" class="UCAPCONTENT">{paragraphs("<div><span>", "</span></div>")}</div>
<p>责任编辑：张三</p><p>扫一扫在手机打开当前页</p></article>
<aside><h2>推荐阅读</h2><p>上半年，全国国内生产总值562642亿元，同比增长2.5%。</p><ul>{LINKS}</ul></aside><footer>{FOOT}</footer></body></html>"""

    yield "bare.html", "utf-8", f"""<!doctype html><html><head><title>{TITLE} - 某县统计局</title></head><body><div><div><div>
<div><a href="a">首页</a><a href="b">机构</a><a href="c">数据</a><a href="d">联系我们</a></div>
<h1>{TITLE}</h1><div>发布时间:2022/08/19 文章来源:{PUBLISHER} 阅读次数:56</div>
{paragraphs("<p><span style='font-size:16px'>", "</span></p>")}
<div>上一条：<a href="e">全县上半年税收增长3.1%</a></div><div>下一条：没有了</div></div></div></div></body></html>"""

    yield "xxgk.html", "utf-16", f"""<!DOCTYPE html><html><head><title>{TITLE}</title></head><body>
<div class="top"><ul>{MENU}</ul></div><table class="xxgk"><tr><td>索引号：</td><td>002588/2022-00123</td><td>发布机构：</td><td>{PUBLISHER}</td></tr>
<tr><td>公开方式：</td><td>主动公开</td><td>发布日期：</td><td>{PUBLISHED}</td></tr></table>
<h1 class="title">{TITLE}</h1><div id="content">{paragraphs("<p>", "</p>", "&emsp;&emsp;")}</div>
<div class="related"><b>相关文章</b><ul>{LINKS}</ul></div><div class="foot">{FOOT}</div></body></html>"""

    yield "asp.html", "gb18030", f"""<html><head><meta charset='gbk'><title>{TITLE}|统计分析|某市统计信息网</title></head><body>
<form id="form1" method="post" action="show.aspx?id=22"><input type="hidden" name="__VIEWSTATE" value="/wEPDwUK=2022"/>
<div id="menu"><ul>{MENU}</ul></div><div class="left-side"><div class="box"><h4>数据快递</h4><ul>{LINKS}</ul></div></div>
<div class="right"><h2>{TITLE}</h2><p class="sub">日期：{PUBLISHED}　来源：{PUBLISHER}　访问量：321　</p>
<div class="article-content">{paragraphs("<p>", "<br/></p>")}</div><p><a href="javascript:window.close()">关闭窗口</a></p></div>
<div id="copyright">{FOOT}</div></form></body></html>"""


# Office files. ----------------------------------------------------------------


def word():
    """The report as a Word file, with a head, a foot and deleted words."""
    document = docx.Document()
    document.core_properties.created = document.core_properties.modified = __import__("datetime").datetime(2022, 8, 19)
    document.sections[0].header.paragraphs[0].text = "统计月报 2022年第7期"
    document.sections[0].footer.paragraphs[0].text = "第 1 页"
    document.add_heading(TITLE, 0)
    for line in REPORT:
        if line is not None:
            document.add_paragraph(line)
            continue
        table = document.add_table(rows=2 + len(ROWS), cols=4)
        for column, words in enumerate(HEAD[0]):
            table.cell(0, column).text = words
        table.cell(0, 0).merge(table.cell(1, 0))
        table.cell(0, 1).merge(table.cell(1, 1))
        table.cell(0, 2).merge(table.cell(0, 3))
        for column, words in enumerate(HEAD[1]):
            table.cell(1, 2 + column).text = words
        for index, row in enumerate(ROWS):
            for column, words in enumerate(row):
                table.cell(2 + index, column).text = words
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def workbook():
    """The table as a workbook: figures as numbers in formats, spans, a hidden sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "主要指标"
    sheet["A1"] = "2022年1—7月衢州市主要经济指标"
    sheet.merge_cells("A1:D1")
    sheet["A1"].alignment = Alignment(horizontal="center")
    for cell, words in zip(["A3", "B3", "C3", "C4", "D4"], [*HEAD[0], *HEAD[1]]):
        sheet[cell] = words
    for span in ["A3:A4", "B3:B4", "C3:D3"]:
        sheet.merge_cells(span)
    for index, (name, unit, value, growth) in enumerate(ROWS):
        row = 5 + index
        sheet.cell(row, 1, name)
        sheet.cell(row, 2, unit)
        # As formulas leave them: not what is shown.
        sheet.cell(row, 3, float(value) + 1e-11).number_format = "0.0"
        sheet.cell(row, 4, float(growth) + 0.004).number_format = "0.0_ "
    hidden = book.create_sheet("底稿")
    hidden.append(["地区生产总值", 999.9])
    hidden.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def old_workbook():
    """The same before 2007."""
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("主要指标")
    sheet.write_merge(0, 0, 0, 3, "2022年1—7月衢州市主要经济指标")
    sheet.write_merge(2, 3, 0, 0, HEAD[0][0])
    sheet.write_merge(2, 3, 1, 1, HEAD[0][1])
    sheet.write_merge(2, 2, 2, 3, HEAD[0][2])
    for column, words in enumerate(HEAD[1]):
        sheet.write(3, 2 + column, words)
    for index, (name, unit, value, growth) in enumerate(ROWS):
        for column, words in enumerate([name, unit, float(value), float(growth)]):
            sheet.write(4 + index, column, words)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def locked(office):
    """An office file behind a password."""
    out = io.BytesIO()
    file = OOXMLFile(io.BytesIO(office))
    file.encrypt("secret", out)
    return out.getvalue()


# PDF. -------------------------------------------------------------------------


def pdf(font, ruled=True, copies=1):
    """The report as PDF: a running head, page numbers, lines that break inside sentences."""
    body = ParagraphStyle("body", fontName=font, fontSize=16, leading=30, firstLineIndent=32, wordWrap="CJK", alignment=4)
    title = ParagraphStyle("title", parent=body, fontSize=20, leading=34, firstLineIndent=0, alignment=1)
    head = [["指标", "单位", "1—7月", ""], ["", "", *HEAD[1]]]
    style = [("FONT", (0, 0), (-1, -1), font, 11), ("ALIGN", (2, 0), (-1, -1), "CENTER")]
    style += [("SPAN", (0, 0), (0, 1)), ("SPAN", (1, 0), (1, 1)), ("SPAN", (2, 0), (3, 0)), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")]
    if ruled:
        style += [("GRID", (0, 0), (-1, -1), 0.5, (0, 0, 0))]
        # A name that needs two lines.
        cell = ParagraphStyle("cell", fontName=font, fontSize=11, leading=15, wordWrap="CJK")
        rows = [[Paragraph(row[0], cell), *row[1:]] for row in ROWS]
        widths = [100, 70, 100, 100]
    else:
        head = [["指标", "单位", "累计", "同比增长（%）"]]
        style = [("FONT", (0, 0), (-1, -1), font, 11), ("LINEABOVE", (0, 0), (-1, 0), 1, (0, 0, 0)), ("LINEBELOW", (0, 0), (-1, 0), 0.5, (0, 0, 0))]
        rows, widths = ROWS, [150, 80, 90, 110]
    flow = []
    for copy in range(copies):
        flow += [PageBreak()] if copy else []
        flow += [Paragraph(TITLE, title), Spacer(1, 10)]
        for line in REPORT:
            flow.append(Table(head + rows, widths, style=style) if line is None else Paragraph(line, body))

    def furniture(canvas, document):
        canvas.setFont(font, 9)
        canvas.drawString(72, A4[1] - 40, "统计月报　2022年第7期")
        canvas.drawCentredString(A4[0] / 2, 34, f"- {document.page} -")

    out = io.BytesIO()
    document = SimpleDocTemplate(out, pagesize=A4, invariant=1, topMargin=70, bottomMargin=70)
    document.build(flow, onFirstPage=furniture, onLaterPages=furniture)
    return out.getvalue()


def scan():
    """Pages that are pictures."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    for _ in range(2):
        canvas.setFillGray(0.8)
        canvas.rect(60, 60, 470, 700, fill=1, stroke=0)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def pdf_locked(file):
    """A PDF behind a password."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(file)) as opened:
        opened.save(out, encryption=pikepdf.Encryption(user="secret", owner="secret", R=6), deterministic_id=False)
    return out.getvalue()


# Archives. --------------------------------------------------------------------


class GbkInfo(zipfile.ZipInfo):
    """A member whose name is not marked as UTF-8."""

    def _encodeFilenameFlags(self):
        return self.filename.encode("gbk"), self.flag_bits & ~0x800


def archive(members):
    """A ZIP whose names are in GBK, as packers of Chinese systems write them."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, content in members.items():
            info = GbkInfo(name, (2022, 8, 19, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(info, content)
    return out.getvalue()


def main():
    """Write every fixture."""
    arguments = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    arguments.add_argument("--font", required=True, help="a Chinese TrueType font")
    arguments.add_argument("--long-pdf", metavar="FILE", help="only write a PDF of 1,000 pages, to measure on")
    arguments = arguments.parse_args()
    pdfmetrics.registerFont(TTFont("Report", arguments.font))
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    if arguments.long_pdf:
        Path(arguments.long_pdf).write_bytes(pdf("Report", copies=500))
        return

    (OUT / "pages").mkdir(parents=True, exist_ok=True)
    embedded = pdf("Report")
    files = {
        "report.txt": text().encode(),
        "report.docx": word(),
        "report.pdf": embedded,
        "not-embedded.pdf": pdf("STSong-Light"),
        "columns.pdf": pdf("Report", ruled=False),
        "scan.pdf": scan(),
        "locked.pdf": pdf_locked(embedded),
        "table.xlsx": workbook(),
        "table.xls": old_workbook(),
        "locked.xlsx": locked(workbook()),
    }
    files |= {f"pages/{name}": page.encode(encoding) for name, encoding, page in pages()}
    inner = archive({"简况.txt": files["report.txt"]})
    files["report.zip"] = archive({
        "附件/": b"",
        "附件/简况.docx": files["report.docx"],
        "附件/指标.xlsx": files["table.xlsx"],
        "更早.zip": inner,
        "__MACOSX/._简况.docx": b"\0",
        "封面.jpg": b"\xff\xd8\xff\xe0\0\x10JFIF",
    })
    for name, content in files.items():
        (OUT / name).write_bytes(content)
        print(f"{len(content):>8}  {name}")


if __name__ == "__main__":
    main()
