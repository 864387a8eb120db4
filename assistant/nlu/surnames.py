"""What Vietnamese and some foreign names are made of, without accents: surnames, middle names, and how a name ends."""

import re

COMMON = frozenset(
    """nguyen tran le pham huynh hoang phan vu vo dang bui do ho ngo duong ly dinh truong lam mai cao luong trinh dao doan vuong
    trieu nghiem phung quach thach tang kieu luu dam mac chu to ta ha thai khuat tong""".split()
)
"""The surnames of most people."""
ACCENTED_SURNAMES = frozenset(
    """nguyễn trần lê phạm huỳnh hoàng phan vũ võ đặng bùi đỗ hồ ngô dương lý đinh trương lâm mai cao lương trịnh đào đoàn
    vương triệu nghiêm
    phùng quách thạch tăng kiều lưu đàm mạc chu tô tạ hà thái khuất tống nguyển nguyên trấn""".split()
)
"""The same with their accents, and in two misspellings of the commonest."""
OTHER = frozenset(
    """au duong bach banh be bien bo cam can cat chau chau chung chuong co cong cu cung dan danh dau deo diep dieu doi
    dong du giang giap hang hinh hong hua hung huu kha khau khieu khong khuong khuu khuc kim ky la lai lau lieu lo loc lu luc
    lung ma ma man mau mo mong mua na ngan ngac nghi ngu ngung nhan nhieu nhu ninh nong nhac on ong ot phi pho phu phuong
    quang quan que quy ro sai sam son sung su suu sy tat tau te thang thanh thao thap thi tho thoi thuy thuong tien tieu tin
    tinh tiu to ton tra trac trang tri trung truc tu tuong tuong ung vang van vi vien vinh vuu xa xong y yen than phuoc
    ksor siu rcom rmah kpa kpuih nay ro hwing hmok nie eban ayun mlo adrong ksor ka cil kra
    rahlan rcham rolan blup bhling bnuoch alang arat zoram hoih coor a ating bling dinh dieu
    neang chau danh kien thach son kim lam ly tran ong ha vang giang sung ly thao lau mua ho cu phang hang tho
    lo quang ca leo tong lu cam deo hoang luong bac ha khang lang nung vi vo quang""".split()
)
"""Rarer surnames, of the Kinh and of the other peoples; many are ordinary words too."""
FOREIGN = frozenset(
    """kim lee park choi jung kang cho yoon jang lim han oh seo shin kwon hwang ahn song ryu hong chen wang lin wu tsai hsu liu
    huang chang zhang yang zhao sato suzuki takahashi tanaka watanabe ito yamamoto nakamura kobayashi kato yoshida yamada sasaki
    morita tanabe smith john james michael robert david maria anna peter thomas daniel andrew kevin tony linda mary helen susan
    kumar singh sharma patel raj rajesh suresh anil priya mohamed muhammad ahmad fatima siti ivan olga oksana julia oleksii
    kenji hiroshi yui antonio jose juan carlos marie pierre jean paul george william richard emma oliver lucas sarah
    laura""".split()
)
"""First words of foreign names that people write to us most; others are known by their capitals and the words before them."""
MIDDLE = frozenset(
    """thi van duc minh thanh ngoc huu quoc thu kim hong xuan gia bao tuan quang dinh hoang my thuy phuong mai viet manh nhu
    khanh bich cong dang dai dac trong tien the ba ai anh cam chi dieu diem duy hai hoai hung huy khac kieu lan linh nam nhat
    nu phuc phuoc si thai thao thien thuc thuong tieu tri trung tu tuyet van vinh y yen ha truc bao dan cat an tue trieu sy so
    be viet ton hieu tan tam le nguyen tran do vu luu quynh thach ri""".split()
)
"""What stands between surname and given name, without accents."""

_CAPITALS = "".join(char for char in map(chr, range(0x41, 0x1EFA)) if char.isupper())
_CAPITALISED = rf"[{_CAPITALS}][^\W\d_]*"
_CAPITALISED_SURNAME = "|".join(f"{word.title()}|{word.upper()}" for word in sorted(ACCENTED_SURNAMES - {"hồ", "cao", "mai"}))
_ANY_SURNAME = "|".join(sorted(COMMON | ACCENTED_SURNAMES))
ENDS_LIKE_A_NAME = re.compile(
    rf"(?:{_CAPITALISED}[ \-']){{1,4}}{_CAPITALISED} ?[,;(\-] ?$"
    rf"|(?<!\w)(?:{_CAPITALISED_SURNAME})(?: {_CAPITALISED}){{1,3}} $"
    rf"|(?i:(?<!\w)(?:{_ANY_SURNAME}))(?: [^\W\d_]+){{1,3}} ?[,;(\-] ?$"
)
"""Text that ends in a name and a sign behind it: a year that follows is that person's."""
