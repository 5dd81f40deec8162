# bash completion of jacobian: the program itself says what may stand there.
_jacobian() {
  local cur words cword line files=
  _get_comp_words_by_ref -n =: cur words cword 2>/dev/null || {
    cur=${COMP_WORDS[COMP_CWORD]} words=("${COMP_WORDS[@]}") cword=$COMP_CWORD
  }
  COMPREPLY=()
  while IFS= read -r line; do
    if [ "$line" = @files ]; then files=yes; else COMPREPLY+=("${line%%$'\t'*}"); fi
  done < <("${words[0]}" --complete "${words[@]:1:cword}" 2>/dev/null)
  if [ -n "$files" ]; then compopt -o default; fi
  case ${COMPREPLY[0]-} in *:) compopt -o nospace ;; esac
  if declare -F __ltrim_colon_completions >/dev/null; then __ltrim_colon_completions "$cur"; fi
}
complete -F _jacobian jacobian
