"""Settings outside demo mode, complete, that reach nobody."""

REAL = {
    "BACKEND_KEY": "k" * 40,
    "SERVICE_CREDENTIAL": "s" * 40,
    "CHANNEL_CREDENTIAL": "c" * 40,
    "SMTP_URL": "smtp://127.0.0.1:25",
    "SMS_GATEWAY_URL": "http://127.0.0.1:9/",
    "SMS_GATEWAY_TOKEN": "t" * 40,
    "PUBLIC_URL": "https://account.example.com",
    "MAIL_FROM": "VssID <no-reply@vssid.test>",
}
