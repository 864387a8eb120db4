"""`python -m assistant ...`: Rasa's own command line, lean, and four commands of our own: `parse`, `evaluate`, `forget`,
`zalo-tokens`.

Lean means that what this assistant does not use is neither loaded nor computed.
"""

import sys

from assistant.without_tensorflow import leave_out_tensorflow

if __name__ == "__main__":
    leave_out_tensorflow()
    if sys.argv[1:2] == ["parse"]:
        from assistant.parse import main
    elif sys.argv[1:2] == ["evaluate"]:
        from assistant.evaluate.command import main
    elif sys.argv[1:2] == ["forget"]:
        from assistant.forget import main
    elif sys.argv[1:2] == ["zalo-tokens"]:
        from assistant.channels.zalo_tokens import main
    else:
        if "--force" in sys.argv[1:]:
            from assistant.quick_training import train_quickly

            train_quickly()
        from rasa.__main__ import main
    sys.exit(main())
