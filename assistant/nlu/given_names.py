"""Syllables that Vietnamese given and middle names are made of, with their accents."""

GIVEN = frozenset(
    """an anh ánh ân ấn ẩn bách bạch bá bảo bão bằng bắc bền bé bích biên bính bình bổn bông bưởi ca cảnh canh cẩm cẩn cận
    cầm cát chánh chắt
    châu chấn chất chi chí chiêm chiến chiểu chinh chính chuyên chung chức chương chuẩn cơ cúc cung cương cường cừ cư cử cậy
    danh dân dần dậu diễm diên diện diệp diệu di dĩ dinh doan doanh dư dụ duệ dung dũng duy duyên duyệt dương dưỡng dự đa đại
    đài đam đàm
    đan đào đàn đáng đạo đạt đắc đăng đằng đậu đệ điềm điểm điền điển điệp điều đình định đính đoan đoàn đoài độ đôn đông
    đồng đống đức đực
    được đường đượm đỉnh gái gấm gia giác giang giao giáp giàu giỏi hà hạ hải hàm hán hàn hạnh hành hanh hào hảo hạo hân hận
    hậu hằng hiên hiền
    hiển hiếu hiệp hiệu hiện hoa hòa hóa hoài hoan hoàn hoàng hoành hoạt học hội hồi hồng hổ hợi hợp huân huấn huệ hùng huy huyên
    huyền huỳnh hưng hương hường hưởng hữu hựu kha khá khả khách khai khải khang kháng khanh khánh khâm khiêm khiết khoa
    khoái khoát khôi
    khuê khương khuyên khuyến kiên kiểm kiếm kiệm kiệt kiêu kiều kim kính kỳ kỷ kỹ lạc lài lại lam lâm lan lãm lân lãnh lành
    lăng lập lê
    lệ lịch liêm liên liễu liệu linh lĩnh loan loát lộc lợi long lụa luân luận luật lương lượng lượm lưu ly lý lĩnh mai mạnh
    mẫn mận mây
    men mến mi minh miên mơ mùi mười muội mừng mỹ my na nam năm nga ngà ngát ngạn ngân nghi nghĩa nghị nghiêm nghiệp ngoan
    ngọ ngọc ngọt
    ngôn nguyên nguyệt nguyện nguyễn nghĩa nhã nhạn nhàn nhạc nhân nhẫn nhàn nhật nhi nhiên nhiệm nhớ nhỏ nhu nhung nhuận
    nhường như nhựt niệm ninh nữ nụ nương oanh
    phát phấn phẩm phan pháp phi phiêu phiến phong phòng phó phú phúc phụng phùng phước phương phượng phái quân quang quảng
    quý quí quốc quy quyên quyền
    quyết quỳnh rạng ri sa san sang sáng sách sâm sậu sen sĩ sinh soa son sơn song sương sửu sự sử tài tạo tám tâm tân tấn
    tần tập tây tất
    thạch thái tham thám thảnh thao thảo thạo thăng thắm thắng thắm thanh thành thạnh thao thảo thái thân thắm thăm thế thêu
    thể thi thì thiên thiện
    thiếp thiệu thiều thìn thịnh thị thoa thoại thoan thoát thọ thơ thơm thới thông thống thời thu thuần thuận thục thủy thúy
    thùy thụy thuyên thuyết thuyền
    thư thức thường thương thưởng thượng tí tía tiên tiền tiến tiệp tín tình tính tịnh tĩnh toan toàn toán toản tòng tô tố
    tồn tôn tơ trà trác trạch trai
    trang tráng trâm trân trầm trân tri trí trì trị triết triển triệu trinh trình trịnh trọng trúc trung trụ trực trường
    trương trưởng tú tuân tuấn tuất tùng tuyên
    tuyền tuyến tuyển tuyết tuệ tường tưởng tự tứ tư tước tươi tương tý tỵ tỉnh uyên uyển uy út ước văn vân vấn vàng vang
    viên viễn viện việt
    vinh vĩnh vịnh vĩ vị vọng vũ vui vượng vương vượt vui vy vỹ xoan xoàn xuân xuyên xuyến xứng xoa xinh yên yến ý ỷ yêm
    thoan nhài nhâm nhầm ngợi
    ngữ ngừng nhị nhĩ nhung nở nhơn nhựt toại toả tỏa tuân tùy sử sinh sửu vận vệ vĩ vời xê xí xuất thái thất thuật thuộc trợ
    trung túc tuý tửu vạn yểng ẩm sáu bảy tư hai ba bốn chín lành sót rin ry phal linda sô phia sa rinh rươne mao tèo tí
    tẹo""".split()
)
