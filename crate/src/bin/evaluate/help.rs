//! What `evaluate --help` prints.

pub const TEXT: &str = "\
evaluate: fits models natively and measures them by the evaluation protocols

  evaluate interest SET|--log FILE… --model NAME --out FILE     interest in the next window (protocol INP)
  evaluate nextitem SET|--log FILE… --model NAME --out FILE     the next item, full ranking, leave-last-out (LLO)
  evaluate table SET…|--log FILE… --models NAME,…               models side by side, with the baselines
  evaluate prequential SET [--model dnn|gnn|dnn+gnn] [--seed N] [--update JSON] [--json]
                                                                updates window by window, against frozen
                                                                and retrained models
  evaluate coldstart SET --data DIR [--social] [--seed N]       users with fewer than five events
  evaluate prospects SET --data DIR                             churn and purchases, against recency
  evaluate segments SET --data DIR [--count N] [--seed N]       next window by segment, against demographics
  evaluate transfer SET --data DIR --from shipped|FILE|SET[,SET] [--train-windows N] [--seed N] [--epochs N]
                    [--members N] [--save DIR]
                                                                from other logs, without training and fine-tuned; keeps
                                                                both networks and what fine-tuning changed in DIR
  evaluate delta FILE [--apply|--take-back NETWORK --out FILE]  looks at such a change, applies it, or takes it back
  evaluate federate SET --data DIR [--silos N] [--rounds N] [--local-epochs N] [--rate R] [--clip C] [--noise S] [--seed N]
                                                                shops that train apart and merge what they learned
  evaluate pretrain [--logs N] [--users N] [--seed N] [--epochs N] [--members N] --out FILE   makes the base model
  evaluate transfer-items SET --data DIR --from SET --share S [--model dnn|dnn+gnn] [--seed N]
                                                                next items: from another log, to one with few users
  evaluate sample [--users N] [--days N] [--seed N] [--epochs N] [--quiet]   trains on the page's sample
  evaluate shapes                                               what crosses into the page, for the tests

data
  SET              interest: ciao complete_journey taobao_userbehavior sample
                   nextitem: lastfm_hetrec amazon_beauty amazon_sports
  --data DIR       folder of the data set (table: also the folder that holds them all)
  --log FILE…      any log instead: CSV, TSV, other delimiters or JSON Lines, each also as .gz
  --items FILE…    item tables (item, domain) to join; --social FILE…  edges between users
  --columns user=NAME,item=NAME,domain=NAME,time=NAME[,kind=NAME][,platform=NAME]
                   NAME is a column of the header (JSON Lines: a key), or its number from 1; without --columns the
                   roles are found by names and content. --item-columns, --social-columns (user=…,friend=…) likewise
  --window 28d     length of a window, counted from the first event: 7d, 12h, 2w; or a calendar word: day week days28
                   weeks13 in the --time-zone (UTC), whose times also apply to a log that names no zone
  --val 1 --test 2 how many of the last windows choose and are scored
  --min-events 5   events that a user needs in a window, and before it, to be scored

models
  --model NAME     popularity persistent moving_average user_frequency decay_prior markov dnn gnn dnn+gnn sequence
                   cf-user-cosine cf-user-pearson cf-item cf-closed blend (interest: dnn, nextitem: blend by default)
  --seed N         --seeds 1,2,3 runs each: files get the seed in their name, results mean and spread
  --epochs N       passes over the train instances, instead of what fits the size of the log (interest)
  --init base      interest, dnn: starts from the base model instead of from scratch
  --no-carry-over  interest, dnn+gnn: starts from nothing instead of the networks trained before
  --trust          interest, gnn and dnn+gnn: social edges in the graph (ciao's trust, --social FILE of a log); undated,
                   so reported apart
  --first AIM      interest, networks and blend: which of the two best domains is named first. shares (default): the one
                   with more; or a rule chosen on validation: balanced, for accuracy and macro F1, or moving, for users
                   whose interest moves
  --no-refit       nextitem: weights stay as learned before validation

results
  --out FILE       predictions as score.py reads them; gzipped where the name ends in .gz
  --split val|test which part the file and --json hold
  --json           one JSON object, with the names of score.py
  --baseline NAME  with --json: that model too, and the paired bootstrap over users of the difference
  --markdown       table: as Markdown
  --quiet          no progress on stderr

Exit code 0: done; 2: not done, with the reason on stderr.";
