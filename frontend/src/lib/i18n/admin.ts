export { admin as adminTexts } from './en/admin'
