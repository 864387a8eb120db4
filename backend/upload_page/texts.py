"""Every word of the upload page, Vietnamese and English."""

_VI = {
    "upload_title": "Gửi ảnh hồ sơ",
    "upload_lead": "Để đăng ký tài khoản, bạn gửi 3 ảnh dưới đây. Gửi từng ảnh một cũng được.",
    "kind_face": "Ảnh khuôn mặt",
    "kind_id_front": "Mặt trước thẻ căn cước",
    "kind_id_back": "Mặt sau thẻ căn cước",
    "how_face": "Chụp ngay bây giờ: nhìn thẳng, đủ sáng, không đeo kính râm, khẩu trang hay đội mũ. Chỉ một mình bạn trong ảnh.",
    "how_id_front": "Chụp mới hoặc chọn ảnh có sẵn: thẻ đặt trên bàn, chụp từ trên xuống, đủ 4 góc, chữ rõ nét, không lóa.",
    "how_id_back": "Lật thẻ lại và chụp như mặt trước.",
    "there": "Đã nhận",
    "there_hint": "Muốn thay ảnh khác thì chọn lại.",
    "upload_limits": "Ảnh JPG, PNG hoặc WebP, mỗi ảnh tối đa 8 MB.",
    "upload_button": "Gửi ảnh",
    "upload_privacy": (
        "Ảnh chỉ dùng để xét hồ sơ này, được mã hóa, xóa vị trí chụp, và bị xóa khi hồ sơ kết thúc hoặc bạn hủy yêu cầu."
    ),
    "upload_some": "Chưa nhận được hết. Hãy xem ghi chú ở từng ảnh rồi gửi lại.",
    "upload_more": "Đã nhận ảnh. Hãy gửi tiếp các ảnh còn lại.",
    "upload_none": "Bạn chưa chọn ảnh nào. Hãy chọn ít nhất một ảnh rồi bấm Gửi ảnh.",
    "not_an_image": "Tệp này không phải ảnh JPG, PNG hoặc WebP, hoặc đã hỏng. Hãy chụp lại rồi gửi.",
    "too_large": "Ảnh quá lớn (tối đa 8 MB và 24 megapixel). Hãy chụp lại ở kích thước nhỏ hơn.",
    "too_small": "Ảnh quá nhỏ (mỗi cạnh cần ít nhất 200 điểm ảnh). Hãy gửi ảnh gốc hoặc chụp lại gần hơn.",
    "busy_here": "Hệ thống đang bận nên chưa nhận ảnh này. Hãy đợi một chút rồi gửi lại.",
    "done_title": "Đã nhận đủ 3 ảnh",
    "done_text": "Cảm ơn bạn. Hãy quay lại cuộc trò chuyện với Trợ lý VssID để làm tiếp. Bạn có thể đóng trang này.",
    "upload_failed_title": "Chưa gửi được ảnh",
    "no_link": (
        "Liên kết này không dùng được nữa. Nếu bạn đã gửi đủ 3 ảnh thì không cần làm gì thêm, hãy quay lại cuộc trò chuyện. "
        "Nếu chưa, hãy nhắn Trợ lý VssID để xin liên kết mới."
    ),
    "used_up": "Liên kết này đã gửi quá nhiều lần. Hãy nhắn Trợ lý VssID để xin liên kết mới.",
    "not_ours": "Ảnh chưa được gửi từ trang này. Hãy mở lại trang rồi gửi lần nữa.",
    "too_much": "Các tệp quá lớn, không đọc hết được. Hãy gửi từng ảnh một, mỗi ảnh tối đa 8 MB.",
    "busy": "Hệ thống đang bận. Hãy đợi một chút rồi thử lại, ảnh đã nhận vẫn còn.",
    "unread": "Không đọc được nội dung đã gửi. Hãy mở lại trang, chọn ảnh rồi gửi lại.",
    "upload_broken": "Có lỗi ở phía chúng tôi. Hãy thử lại sau, ảnh đã nhận vẫn còn.",
    "upload_retry": "Mở lại trang gửi ảnh",
}
_EN = {
    "upload_title": "Send your photos",
    "upload_lead": "To register, send the 3 photos below. One at a time is fine.",
    "kind_face": "Your face",
    "kind_id_front": "Front of your identity card",
    "kind_id_back": "Back of your identity card",
    "how_face": "Take it now: look straight ahead in good light, without sunglasses, mask or hat. Nobody else in the picture.",
    "how_id_front": "A new photo or one you have: the card on a table, taken from above, all 4 corners, sharp letters, no glare.",
    "how_id_back": "Turn the card over and take it the same way.",
    "there": "Received",
    "there_hint": "To replace it, choose another one.",
    "upload_limits": "JPG, PNG or WebP, at most 8 MB each.",
    "upload_button": "Send the photos",
    "upload_privacy": (
        "The photos serve this application only. They are encrypted, stripped of where they were taken, and deleted when the "
        "application ends or you cancel."
    ),
    "upload_some": "Not everything was received. See the note at each photo and send it again.",
    "upload_more": "Received. Please send the photos that are still missing.",
    "upload_none": "No photo was chosen. Choose at least one, then press Send the photos.",
    "not_an_image": "This file is not a JPG, PNG or WebP picture, or it is damaged. Take the picture again and send it.",
    "too_large": "The picture is too large (at most 8 MB and 24 megapixels). Take it again at a smaller size.",
    "too_small": "The picture is too small (each side needs at least 200 pixels). Send the original or take it again.",
    "busy_here": "The system is busy and did not take this picture. Wait a moment and send it again.",
    "done_title": "All 3 photos are here",
    "done_text": "Thank you. Go back to your conversation with the VssID Assistant to go on. You can close this page.",
    "upload_failed_title": "The photos were not sent",
    "no_link": (
        "This link no longer works. If you have sent all 3 photos, nothing more is needed: go back to the conversation. "
        "If not, ask the VssID Assistant for a new link."
    ),
    "used_up": "This link was used too many times. Ask the VssID Assistant for a new link.",
    "not_ours": "The photos were not sent from this page. Open the page again and send them once more.",
    "too_much": "The files are too large to be read. Send one photo at a time, at most 8 MB each.",
    "busy": "The system is busy. Wait a moment and try again; photos already received are kept.",
    "unread": "What was sent could not be read. Open the page again, choose the photos and send them once more.",
    "upload_broken": "Something failed on our side. Try again later; photos already received are kept.",
    "upload_retry": "Open the page again",
}
TEXTS = {"vi": _VI, "en": _EN}
