import { addEvalCommand } from '#eval/cli/eval-command.ts';
import { runMain } from '#src/cli/run-main.ts';

// The whole `tars`: the product's commands, and evaluation, which the product itself does not know (decision 0018).
await runMain([addEvalCommand]);
